# what: changes the root of files
# expect: crashed
syscall("pivot_root", b"/", b"/")
print("ESCAPED")
