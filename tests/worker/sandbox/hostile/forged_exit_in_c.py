# what: ends past Python
# expect: invalid_output
import ctypes

ctypes.CDLL(None)._exit(3)
