# what: adds swap
# expect: crashed
syscall("swapon", 0, 0)
print("ESCAPED")
