# what: changes the root of files
# expect: killed
syscall("pivot_root", b"/", b"/")
print("ESCAPED")
