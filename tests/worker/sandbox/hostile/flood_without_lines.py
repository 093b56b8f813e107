# what: writes bytes without end past Python's own streams
# expect: output_limit
import os

while True:
    os.write(1, b"flood" * 1000)
