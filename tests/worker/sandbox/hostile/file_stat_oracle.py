# what: asks whether files exist
# expect: denied
import os

attempt(lambda: os.stat("/etc/passwd"))
attempt(lambda: os.stat("/no/such/file"))
attempt(lambda: os.readlink("/proc/self/exe"))
attempt(lambda: refuse(not os.access("/etc/passwd", os.F_OK)))
