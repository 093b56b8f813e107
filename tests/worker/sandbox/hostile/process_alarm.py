# what: sets alarms, which must not outlive it
# expect: denied
import errno
import signal

attempt(lambda: refuse(signal.alarm(1) >= 2**31))
attempt(lambda: signal.setitimer(signal.ITIMER_REAL, 1), signal.ItimerError, errno.EPERM)
attempt(lambda: syscall("timer_create", 0, 0, bytes(8)))
