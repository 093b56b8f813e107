# what: reads the standard library, and a library that is there on every system
# expect: denied
import os

attempt(lambda: open(os.__file__).read())
attempt(lambda: os.listdir(os.path.dirname(os.__file__)))
attempt(lambda: open("/etc/ld.so.cache", "rb").read(1))
attempt(lambda: open("/proc/version").read())
