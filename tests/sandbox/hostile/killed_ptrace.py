# what: traces another process
# expect: crashed
syscall("ptrace", 16, 1, 0, 0)
print("ESCAPED")
