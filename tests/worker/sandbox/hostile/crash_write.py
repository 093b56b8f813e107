# what: writes where nothing is
# expect: crashed
import ctypes

ctypes.memset(8, 1, 8)
