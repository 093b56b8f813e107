# what: changes the root
# expect: killed
syscall("chroot", b"/tmp")
print("ESCAPED")
