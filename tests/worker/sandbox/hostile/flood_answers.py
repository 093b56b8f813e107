# what: writes to the answer pipe without end
# expect: output_limit
import os

while True:
    os.write(4, b"flood" * 1000)
