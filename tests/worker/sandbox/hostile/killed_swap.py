# what: adds swap
# expect: killed
syscall("swapon", 0, 0)
print("ESCAPED")
