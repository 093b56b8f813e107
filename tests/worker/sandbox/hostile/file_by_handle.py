# what: opens a file by its handle
# expect: denied
attempt(lambda: syscall("name_to_handle_at", -100, b"/etc/passwd", bytes(200), bytes(8), 0))
attempt(lambda: syscall("open_by_handle_at", 0, bytes(200), 0))
