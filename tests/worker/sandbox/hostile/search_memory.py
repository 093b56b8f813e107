# what: looks for secrets in memory, frames, the environment and what is left of it
# expect: denied
import os
import re
import sys

found = []
frame = sys._getframe()
while frame:
    found += [name for name in (*frame.f_globals, *frame.f_locals) if "expected" in name]
    frame = frame.f_back
secret = "-".join(("SECRET", "OF", "THE", "SERVICE"))
found += [text[:100] for text in everything() if secret in text and text is not secret]
found += set(os.environ) - {"LC_CTYPE"}  # which Python itself sets
environment = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
found += [line for line in environment[:1] if line and not line.startswith(b"LC_CTYPE=")]
found += re.findall(rb"\0(?!PYTHONHASHSEED=0\0)([A-Za-z_]\w*)=", on_stack())
found += sys.orig_argv
print("ESCAPED" if found else "denied", *found)
