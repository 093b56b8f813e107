# what: makes a file system
# expect: crashed
syscall("fsopen", b"tmpfs", 0)
print("ESCAPED")
