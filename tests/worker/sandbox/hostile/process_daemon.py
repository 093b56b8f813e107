# what: leaves the session and stays behind
# expect: denied
import os
import time

attempt(os.fork)
attempt(os.setsid)
attempt(lambda: os.setpgid(0, 1))
attempt(lambda: os.tcsetpgrp(0, os.getpid()))
attempt(lambda: os.waitpid(-1, os.WNOHANG))
time.sleep(0)
