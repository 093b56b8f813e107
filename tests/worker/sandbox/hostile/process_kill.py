# what: kills its parent, and everybody
# expect: denied
import os
import signal

attempt(lambda: os.kill(os.getppid(), signal.SIGKILL))
attempt(lambda: os.kill(-1, signal.SIGKILL))
attempt(lambda: os.kill(0, signal.SIGKILL))
attempt(lambda: os.pidfd_open(1))
attempt(lambda: signal.raise_signal(signal.SIGUSR1))
