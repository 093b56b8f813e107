# what: searches memory for the submission before it
# expect: denied
import re
import sys

sys.setprofile(None)  # so that nobody counts how long it searches
if hasattr(sys, "monitoring"):
    sys.monitoring.set_events(4, 0)

wanted = "SUBMISSION[-]OF[-]ANOTHER"  # which is not what it finds
library = ctypes.CDLL(None)
library.sbrk.restype = ctypes.c_void_p
library.malloc.restype = ctypes.c_void_p
end = library.sbrk(ctypes.c_long(0))
first = library.malloc(ctypes.c_size_t(8))
heap = ctypes.string_at(first, end - first) if first < end else b""
found = re.search(wanted.encode(), heap) or any(re.search(wanted, text) for text in everything())
print("ESCAPED" if found else "denied")
