# what: talks to another session through locks
# expect: denied
import fcntl

attempt(lambda: fcntl.flock(0, fcntl.LOCK_EX))
attempt(lambda: fcntl.lockf(1, fcntl.LOCK_EX))
attempt(lambda: fcntl.fcntl(1, fcntl.F_SETFL, 0))
attempt(lambda: fcntl.fcntl(1, fcntl.F_SETOWN, 1))
attempt(lambda: fcntl.ioctl(0, 0x5401, bytes(100)))
