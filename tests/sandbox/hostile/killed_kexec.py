# what: starts another kernel
# expect: crashed
syscall("kexec_load", 0, 0, 0, 0)
print("ESCAPED")
