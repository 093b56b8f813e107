# what: loads a module into the kernel
# expect: crashed
syscall("init_module", 0, 0, b"")
print("ESCAPED")
