# what: compares processes
# expect: crashed
syscall("kcmp", 1, 1, 0, 0, 0)
print("ESCAPED")
