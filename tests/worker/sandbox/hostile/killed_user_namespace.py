# what: makes itself root of a namespace
# expect: killed
syscall("unshare", 0x10020000)
print("ESCAPED")
