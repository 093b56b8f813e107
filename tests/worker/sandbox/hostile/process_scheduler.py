# what: asks for the processor before others
# expect: denied
import os

attempt(lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(50)))
attempt(lambda: os.sched_setparam(0, os.sched_param(1)))
attempt(lambda: os.setpriority(os.PRIO_PROCESS, 0, -20))
attempt(lambda: os.sched_setaffinity(0, {0}))
attempt(lambda: syscall("sched_setattr", 0, bytes(56), 0))
attempt(lambda: syscall("ioprio_set", 1, 0, 0))
