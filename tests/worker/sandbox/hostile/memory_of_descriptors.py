# what: maps what is open: pipes, and nothing that could be mapped
# expect: denied
import errno

for readable in (0, 3):
    attempt(lambda: syscall("mmap", 0, 4096, 1, 2, readable, 0), OSError, errno.ENODEV)
for writable in (1, 2, 4):
    attempt(lambda: syscall("mmap", 0, 4096, 1, 2, writable, 0))
for closed in range(5, 64):
    attempt(lambda: syscall("mmap", 0, 4096, 1, 2, closed, 0), OSError, errno.EBADF)
