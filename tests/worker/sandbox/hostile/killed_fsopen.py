# what: makes a file system
# expect: killed
syscall("fsopen", b"tmpfs", 0)
print("ESCAPED")
