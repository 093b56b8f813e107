# what: maps more than there is
# expect: denied
import errno

attempt(lambda: syscall("mmap", 0, 2**40, 3, 0x22, -1, 0), OSError, errno.ENOMEM)
attempt(lambda: syscall("mmap", 0, 2**30, 3, 0x4022, -1, 0), OSError, errno.ENOMEM)
attempt(lambda: bytearray(2**40), MemoryError)
