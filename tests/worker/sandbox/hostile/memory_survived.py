# what: runs out of memory once and goes on
# expect: passed
held = []
try:
    while True:
        held.append(bytearray(2**24))
except MemoryError:
    held.clear()
