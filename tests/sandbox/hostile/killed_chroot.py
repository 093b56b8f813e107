# what: changes the root
# expect: crashed
syscall("chroot", b"/tmp")
print("ESCAPED")
