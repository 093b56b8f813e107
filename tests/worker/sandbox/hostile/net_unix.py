# what: connects to an abstract socket
# expect: denied
import socket

attempt(lambda: socket.socket(socket.AF_UNIX).connect("\0chainrule"))
attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
