# what: runs out of memory again and again
# expect: timeout
held = []
while True:
    try:
        held.append(bytearray(2**26))
    except MemoryError:
        pass
