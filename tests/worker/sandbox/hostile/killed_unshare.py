# what: makes a namespace
# expect: killed
syscall("unshare", 0x10000000)
print("ESCAPED")
