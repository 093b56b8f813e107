# what: shares memory and messages
# expect: denied
attempt(lambda: syscall("shmget", 4711, 4096, 0o1666))
attempt(lambda: syscall("msgget", 4711, 0o1666))
attempt(lambda: syscall("semget", 4711, 1, 0o1666))
attempt(lambda: syscall("mq_open", b"queue", 0o102, 0o666, 0))
attempt(lambda: syscall("eventfd2", 0, 0))
attempt(lambda: syscall("pipe2", bytes(8), 0))
