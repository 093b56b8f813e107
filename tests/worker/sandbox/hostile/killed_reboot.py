# what: restarts the machine
# expect: killed
syscall("reboot", 0, 0, 0, 0)
print("ESCAPED")
