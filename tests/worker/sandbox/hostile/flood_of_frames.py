# what: answers without end
# expect: output_limit
import os

while True:
    os.write(4, b"\0\0\0\x02{}" * 1000)
