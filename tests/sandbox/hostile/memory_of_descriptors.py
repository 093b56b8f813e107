# what: maps what is open
# expect: denied
attempt(lambda: syscall("mmap", 0, 4096, 1, 1, 0, 0))
attempt(lambda: syscall("mmap", 0, 4096, 1, 2, 3, 0))
