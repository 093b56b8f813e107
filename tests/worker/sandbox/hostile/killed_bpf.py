# what: loads a program into the kernel
# expect: killed
syscall("bpf", 0, 0, 0)
print("ESCAPED")
