# what: breaks the heap
# expect: crashed
import ctypes

library = ctypes.CDLL(None)
library.free.argtypes = [ctypes.c_void_p]
library.free(id(library) + 1)
