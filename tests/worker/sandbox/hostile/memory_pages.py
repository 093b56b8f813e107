# what: touches page after page
# expect: memory_limit
held = []
while True:
    held.append(bytearray(2**20))
