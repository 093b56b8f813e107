# what: maps more than there is
# expect: denied
attempt(lambda: syscall("mmap", 0, 2**40, 3, 0x22, -1, 0))
attempt(lambda: syscall("mmap", 0, 2**30, 3, 0x4022, -1, 0))
attempt(lambda: bytearray(2**40))
