# what: makes devices and named pipes
# expect: denied
import os
import stat

attempt(lambda: os.mkfifo("/tmp/left"))
attempt(lambda: os.mknod("/tmp/left", 0o600 | stat.S_IFCHR, os.makedev(1, 3)))
