# what: goes round by a path descriptor
# expect: denied
import os

attempt(lambda: os.open("/", os.O_PATH))
attempt(lambda: os.fchdir(0))
attempt(lambda: os.chdir("/tmp"))
attempt(os.getcwd)
