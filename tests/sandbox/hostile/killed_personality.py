# what: turns address randomisation off
# expect: crashed
syscall("personality", 0x0040000)
print("ESCAPED")
