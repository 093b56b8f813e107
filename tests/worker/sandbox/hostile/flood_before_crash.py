# what: prints too much and crashes
# expect: output_limit
import ctypes
import os

for _ in range(100):
    os.write(2, b"flood" * 1000)
ctypes.string_at(0)
