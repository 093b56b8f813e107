# what: stops the kernel at a page
# expect: killed
syscall("userfaultfd", 0)
print("ESCAPED")
