# what: loads a module into the kernel
# expect: killed
syscall("init_module", 0, 0, b"")
print("ESCAPED")
