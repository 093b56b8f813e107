# what: lets the kernel work behind the filter
# expect: killed
syscall("io_uring_setup", 1, bytes(120))
print("ESCAPED")
