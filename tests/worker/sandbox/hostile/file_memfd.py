# what: makes a file in memory
# expect: denied
import os

attempt(lambda: os.memfd_create("file"))
