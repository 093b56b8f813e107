# what: a table without end
# expect: memory_limit
held = {}
while True:
    held[len(held)] = bytes(4_000_000)
