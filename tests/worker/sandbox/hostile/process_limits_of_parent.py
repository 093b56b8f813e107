# what: changes its parent's limits
# expect: denied
import os

attempt(lambda: syscall("prlimit64", os.getppid(), 7, bytes(16), 0))
attempt(lambda: syscall("prlimit64", 0, 9, 0, bytes(16)))
attempt(lambda: os.getpriority(os.PRIO_PROCESS, os.getppid()))
