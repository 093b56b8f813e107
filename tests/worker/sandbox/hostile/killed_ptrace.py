# what: traces another process
# expect: killed
syscall("ptrace", 16, 1, 0, 0)
print("ESCAPED")
