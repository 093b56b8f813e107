# what: opens by every call there is
# expect: denied
attempt(lambda: syscall("openat", -100, b"/etc/passwd", 0))
attempt(lambda: syscall("openat2", -100, b"/etc/passwd", bytes(24), 24))
