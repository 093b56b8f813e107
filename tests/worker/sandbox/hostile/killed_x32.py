# what: calls by x32 numbers
# expect: killed
# machine: x86_64
import ctypes

ctypes.CDLL(None).syscall(ctypes.c_ulong(0x40000000 | 39))
print("ESCAPED")
