# what: leaves a message in the offset of a shared descriptor
# expect: denied
import os

os.lseek(0, 4711, os.SEEK_SET)
print("ESCAPED" if os.lseek(0, 0, os.SEEK_CUR) else "denied")
