# what: stops the kernel at a page
# expect: crashed
syscall("userfaultfd", 0)
print("ESCAPED")
