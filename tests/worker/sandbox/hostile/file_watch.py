# what: watches what others do with files
# expect: denied
attempt(lambda: syscall("inotify_init1", 0))
attempt(lambda: syscall("fanotify_init", 0, 0))
