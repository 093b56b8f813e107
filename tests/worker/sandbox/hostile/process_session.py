# what: becomes a daemon or important
# expect: denied
import os

attempt(os.setsid)
attempt(lambda: os.setpgid(0, 0))
attempt(lambda: os.nice(-20))
attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99)))
attempt(lambda: os.setuid(0))
attempt(lambda: os.setgid(0))
attempt(lambda: syscall("prctl", 4, 1, 0, 0, 0))
attempt(lambda: syscall("seccomp", 1, 0, 0))
