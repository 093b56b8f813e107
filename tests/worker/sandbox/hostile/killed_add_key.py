# what: keeps a key in the kernel
# expect: killed
syscall("add_key", b"user", b"a", b"b", 1, -3)
print("ESCAPED")
