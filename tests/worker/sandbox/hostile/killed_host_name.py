# what: renames the machine
# expect: killed
syscall("sethostname", b"mine", 4)
print("ESCAPED")
