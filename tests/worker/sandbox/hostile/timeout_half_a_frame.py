# what: gives half an answer, then nothing
# expect: timeout
# waits: 0.5
import os
import queue

os.write(4, b"\0\0\0\x20{")
queue.SimpleQueue().get()
