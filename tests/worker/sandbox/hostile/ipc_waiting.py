# what: makes descriptors to wait on
# expect: denied
attempt(lambda: syscall("epoll_create1", 0))
attempt(lambda: syscall("timerfd_create", 0, 0))
attempt(lambda: syscall("signalfd4", -1, bytes(8), 8, 0))
attempt(lambda: syscall("pidfd_open", 1, 0))
