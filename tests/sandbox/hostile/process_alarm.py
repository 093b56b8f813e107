# what: sets alarms, which must not outlive it
# expect: denied
import signal

attempt(lambda: 1 / (signal.alarm(1) < 2**31))
attempt(lambda: signal.setitimer(signal.ITIMER_REAL, 1))
attempt(lambda: syscall("timer_create", 0, 0, bytes(8)))
