# what: makes memory executable in steps
# expect: denied
attempt(lambda: syscall("remap_file_pages", 0, 4096, 5, 0, 0))
attempt(lambda: syscall("mmap", 0, 4096, 5, 0x22, -1, 0))
attempt(lambda: syscall("mmap", 0x10000, 4096, 7, 0x32, -1, 0))
attempt(lambda: syscall("shmat", 0, 0, 0o100000))
