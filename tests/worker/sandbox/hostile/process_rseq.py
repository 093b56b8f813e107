# what: registers memory with the kernel
# expect: denied
attempt(lambda: syscall("rseq", bytes(32), 32, 0, 0))
attempt(lambda: syscall("membarrier", 1, 0, 0))
attempt(lambda: syscall("mlock", bytes(16), 16))
attempt(lambda: syscall("mlockall", 1))
