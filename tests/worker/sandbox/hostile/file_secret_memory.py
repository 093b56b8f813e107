# what: makes a file in memory that nobody sees
# expect: denied
attempt(lambda: syscall("memfd_secret", 0))
