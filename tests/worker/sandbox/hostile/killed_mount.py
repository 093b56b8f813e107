# what: mounts
# expect: killed
syscall("mount", b"/", b"/tmp", 0, 4096, 0)
print("ESCAPED")
