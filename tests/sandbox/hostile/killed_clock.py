# what: turns the machine's clock
# expect: crashed
syscall("clock_settime", 0, 0)
print("ESCAPED")
