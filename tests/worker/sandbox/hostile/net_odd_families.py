# what: makes sockets that firewalls forget
# expect: denied
attempt(lambda: syscall("socket", 40, 1, 0))
attempt(lambda: syscall("socket", 16, 3, 0))
attempt(lambda: syscall("socket", 17, 3, 768))
attempt(lambda: syscall("socket", 38, 5, 0))
attempt(lambda: syscall("socket", 29, 3, 1))
