# what: asks a name server
# expect: denied
import socket

# In bytes: text would need a codec that cannot be loaded here.
attempt(lambda: socket.getaddrinfo(b"example.org", 80), socket.gaierror)
attempt(lambda: socket.getaddrinfo("example.org", 80), LookupError)
