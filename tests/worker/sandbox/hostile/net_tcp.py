# what: connects to a service of this machine
# expect: denied
import socket

attempt(lambda: socket.create_connection((b"127.0.0.1", 6379), 1))
attempt(lambda: socket.create_server(("127.0.0.1", 0)))
