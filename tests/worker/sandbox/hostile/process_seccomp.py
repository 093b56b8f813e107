# what: puts a filter of its own over ours
# expect: denied
attempt(lambda: syscall("seccomp", 1, 0, bytes(16)))
attempt(lambda: syscall("landlock_create_ruleset", 0, 0, 1))
attempt(lambda: syscall("landlock_restrict_self", 0, 0))
