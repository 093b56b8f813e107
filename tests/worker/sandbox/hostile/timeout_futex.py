# what: waits for a futex in C, where Python's clock counts nothing
# expect: timeout
# waits: 0.5
syscall("futex", bytes(8), 0, 0, 0, 0, 0)
