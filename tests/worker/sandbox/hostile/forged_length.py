# what: announces two gigabytes
# expect: invalid_output
import os

os.write(4, b"\x7f\xff\xff\xff{}")
