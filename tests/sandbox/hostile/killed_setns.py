# what: enters a namespace
# expect: crashed
syscall("setns", 0, 0)
print("ESCAPED")
