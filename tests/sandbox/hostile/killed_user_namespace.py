# what: makes itself root of a namespace
# expect: crashed
syscall("unshare", 0x10020000)
print("ESCAPED")
