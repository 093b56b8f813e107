# what: sends a question to a name server
# expect: denied
import socket

attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"?", ("8.8.8.8", 53)))
