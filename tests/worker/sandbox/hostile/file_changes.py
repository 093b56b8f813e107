# what: cuts, moves and gives away files
# expect: denied
import os

attempt(lambda: os.truncate(CANARY, 0))
attempt(lambda: os.ftruncate(0, 0))
attempt(lambda: os.rename(CANARY, "/tmp/left"))
attempt(lambda: os.chown(CANARY, 1, 1))
attempt(lambda: os.utime(CANARY))
attempt(lambda: os.posix_fallocate(0, 0, 10))
