# what: becomes another program
# expect: denied
import os

attempt(lambda: os.execv("/bin/sh", ["sh", "-c", "true"]))
attempt(lambda: os.posix_spawn("/bin/sh", ["sh"], {}))
attempt(lambda: syscall("execveat", 0, b"", 0, 0, 0x1000))
attempt(lambda: refuse(os.system("true") != 0))
