# what: attaches and removes shared memory
# expect: denied
attempt(lambda: syscall("shmat", 0, 0, 0))
attempt(lambda: syscall("shmctl", 0, 0, 0))
attempt(lambda: syscall("msgsnd", 0, bytes(16), 8, 0))
attempt(lambda: syscall("semop", 0, bytes(6), 1))
attempt(lambda: syscall("mq_unlink", b"queue"))
