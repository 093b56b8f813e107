# what: writes another process's memory
# expect: killed
syscall("process_vm_writev", 1, 0, 0, 0, 0, 0)
print("ESCAPED")
