# what: sends signals by every call there is
# expect: denied
import os

attempt(lambda: syscall("tgkill", os.getpid(), os.getpid(), 10))
attempt(lambda: syscall("tkill", os.getpid(), 10))
attempt(lambda: syscall("rt_sigqueueinfo", 1, 10, bytes(128)))
attempt(lambda: syscall("pidfd_send_signal", 0, 9, 0, 0))
attempt(lambda: syscall("kill", -1, 0))
