# what: looks for secrets in memory, frames and the environment
# expect: denied
import gc
import os
import sys

found = []
frame = sys._getframe()
while frame:
    found += [name for name in (*frame.f_globals, *frame.f_locals) if "expected" in name]
    frame = frame.f_back
held = [repr(thing) for thing in gc.get_objects() if type(thing) in (dict, list, tuple)]
found += [text[:100] for text in held if "-".join(("SECRET", "OF", "THE", "SERVICE")) in text]
found += set(os.environ) - {"LC_CTYPE"}  # which Python itself sets
environment = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
found += [line for line in environment[:1] if line and not line.startswith(b"LC_CTYPE=")]
print("ESCAPED" if found else "denied", *found)
