# what: takes another process's descriptors
# expect: killed
syscall("pidfd_getfd", 0, 0, 0)
print("ESCAPED")
