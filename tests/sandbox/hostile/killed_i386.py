# what: finds an i386 system call in the code that is there, and jumps to it
# expect: crashed
# machine: x86_64
here = ctypes.cast(ctypes.CDLL(None).qsort, ctypes.c_void_p).value
code = ctypes.string_at(here, 600_000)
gate = code.find(b"\xcd\x80")
if gate < 0:
    ctypes.string_at(0)  # there is none to be had
ctypes.CFUNCTYPE(None)(here + gate)()
print("ESCAPED")
