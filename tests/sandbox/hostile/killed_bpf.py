# what: loads a program into the kernel
# expect: crashed
syscall("bpf", 0, 0, 0)
print("ESCAPED")
