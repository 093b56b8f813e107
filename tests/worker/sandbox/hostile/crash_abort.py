# what: aborts
# expect: crashed
import ctypes

ctypes.CDLL(None).abort()
