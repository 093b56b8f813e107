# what: writes another process's memory
# expect: crashed
syscall("process_vm_writev", 1, 0, 0, 0, 0, 0)
print("ESCAPED")
