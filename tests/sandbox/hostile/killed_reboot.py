# what: restarts the machine
# expect: crashed
syscall("reboot", 0, 0, 0, 0)
print("ESCAPED")
