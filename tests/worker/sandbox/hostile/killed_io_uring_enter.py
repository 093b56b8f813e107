# what: hands work to the kernel
# expect: killed
syscall("io_uring_enter", 0, 1, 0, 0, 0)
print("ESCAPED")
