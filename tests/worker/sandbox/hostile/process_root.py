# what: becomes root
# expect: denied
import os

attempt(lambda: os.setuid(0))
attempt(lambda: os.setresuid(0, 0, 0))
attempt(lambda: os.setresgid(0, 0, 0))
attempt(lambda: os.setgroups([0]))
attempt(lambda: syscall("capset", bytes(8), bytes(24)))
attempt(lambda: syscall("setfsuid", 0) and 1)
