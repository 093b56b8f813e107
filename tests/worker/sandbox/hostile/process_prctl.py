# what: changes what it is by prctl
# expect: denied
attempt(lambda: syscall("prctl", 1, 0, 0, 0, 0))
attempt(lambda: syscall("prctl", 4, 1, 0, 0, 0))
attempt(lambda: syscall("prctl", 15, b"init", 0, 0, 0))
attempt(lambda: syscall("prctl", 22, 2, 0, 0, 0))
attempt(lambda: syscall("prctl", 36, 1, 0, 0, 0))
attempt(lambda: syscall("prctl", 47, 2, 0, 0, 0))
attempt(lambda: syscall("prctl", 59, 1, 0, 0, 0))
