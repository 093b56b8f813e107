# what: has the kernel keep queues and owners of its locks
# expect: denied
word = bytes(8)
REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI = 3, 4, 5, 6, 7, 8, 11
for operation in (REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI, 13):
    for flags in (0, 128, 256, 128 | 256):
        attempt(lambda: syscall("futex", word, operation | flags, 1, 0, word, 0))
attempt(lambda: syscall("set_robust_list", bytes(24), 24))
attempt(lambda: syscall("futex_waitv", bytes(24), 1, 0, 0, 0))
