# what: renames the machine
# expect: crashed
syscall("sethostname", b"mine", 4)
print("ESCAPED")
