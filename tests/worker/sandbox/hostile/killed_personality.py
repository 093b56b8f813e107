# what: turns address randomisation off
# expect: killed
syscall("personality", 0x0040000)
print("ESCAPED")
