# what: asks for the terminal of its starter
# expect: denied
import fcntl
import os

attempt(os.ctermid and os.getlogin)
attempt(lambda: fcntl.ioctl(1, 0x5412, b"x"))
attempt(lambda: fcntl.ioctl(0, 0x5413, bytes(8)))
