# what: moves bytes between descriptors inside the kernel
# expect: denied
import os

attempt(lambda: os.sendfile(1, 0, None, 10))
attempt(lambda: syscall("splice", 3, 0, 1, 0, 10, 2))
attempt(lambda: syscall("tee", 3, 1, 10, 2))
attempt(lambda: syscall("vmsplice", 1, bytes(16), 1, 0))
attempt(lambda: syscall("copy_file_range", 0, 0, 1, 0, 10, 0))
