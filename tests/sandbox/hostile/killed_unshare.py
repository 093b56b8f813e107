# what: makes a namespace
# expect: crashed
syscall("unshare", 0x10000000)
print("ESCAPED")
