# what: turns the machine's clock
# expect: killed
syscall("clock_settime", 0, 0)
print("ESCAPED")
