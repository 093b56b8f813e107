# what: uses its pipes as sockets
# expect: denied
attempt(lambda: syscall("connect", 3, bytes(16), 16))
attempt(lambda: syscall("sendmsg", 4, bytes(56), 0))
attempt(lambda: syscall("recvmsg", 3, bytes(56), 0))
attempt(lambda: syscall("accept4", 3, 0, 0, 0))
