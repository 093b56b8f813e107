# what: asks the system to wake it after a time, or at a signal
# expect: denied
import errno
import select
import signal

second, signals = (1).to_bytes(8, "little") + bytes(8), bytes(8)
attempt(lambda: syscall("nanosleep", second, 0))
attempt(lambda: syscall("clock_nanosleep", 0, 0, second, 0))
attempt(lambda: syscall("pselect6", 0, 0, 0, 0, second, 0))
attempt(lambda: syscall("ppoll", 0, 0, second, 0))
attempt(lambda: syscall("rt_sigtimedwait", signals, 0, second, 8))
attempt(lambda: syscall("rt_sigsuspend", signals, 8))
attempt(lambda: select.select([3], [], [], 1000))
attempt(lambda: select.poll().poll(1000))
attempt(lambda: signal.sigtimedwait([signal.SIGUSR1], 1000))
attempt(lambda: signal.sigwait([signal.SIGUSR1]), PermissionError, errno.EPERM)
refuse(signal.pause())  # which returns at once
for operation in (0, 9, 128, 137):  # FUTEX_WAIT and FUTEX_WAIT_BITSET, private or not
    waited = lambda: syscall("futex", bytes(8), operation, 0, second, 0, 2**32 - 1)
    attempt(waited, TimeoutError, errno.ETIMEDOUT)
