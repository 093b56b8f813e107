# what: writes machine code
# expect: denied
ANONYMOUS = 0x22
attempt(lambda: syscall("mmap", 0, 4096, 7, ANONYMOUS, -1, 0))
attempt(lambda: syscall("mmap", 0, 4096, 4, ANONYMOUS, -1, 0))
page = syscall("mmap", 0, 4096, 3, ANONYMOUS, -1, 0)
attempt(lambda: syscall("mprotect", page, 4096, 7))
attempt(lambda: syscall("mprotect", page, 4096, 5))
attempt(lambda: syscall("pkey_mprotect", page, 4096, 7, -1))
