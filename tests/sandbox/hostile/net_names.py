# what: asks a name server
# expect: denied
import socket

attempt(lambda: socket.getaddrinfo("example.org", 80))
