# what: forks, by every call there is
# expect: denied
import os

attempt(os.fork)
attempt(lambda: syscall("clone", 17, 0, 0, 0, 0))
attempt(lambda: syscall("clone3", bytes(88), 88))
