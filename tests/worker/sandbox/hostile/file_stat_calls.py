# what: asks about a file by every call there is
# expect: denied
attempt(lambda: syscall("statx", -100, b"/etc/passwd", 0, 0x7FF, bytes(256)))
attempt(lambda: syscall("newfstatat", -100, b"/etc/passwd", bytes(256), 0))
attempt(lambda: syscall("faccessat2", -100, b"/etc/passwd", 0, 0))
attempt(lambda: syscall("readlinkat", -100, b"/proc/self/exe", bytes(256), 256))
attempt(lambda: syscall("statfs", b"/", bytes(256)))
attempt(lambda: syscall("getxattr", b"/etc/passwd", b"user.a", bytes(256), 256))
