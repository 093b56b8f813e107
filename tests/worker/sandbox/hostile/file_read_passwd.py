# what: reads the system's users
# expect: denied
attempt(lambda: open("/etc/passwd").read())
