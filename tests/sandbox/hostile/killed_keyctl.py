# what: asks for keys
# expect: crashed
syscall("keyctl", 0, -3, 0, 0, 0)
print("ESCAPED")
