# what: jumps to address 0
# expect: crashed
import ctypes

ctypes.CFUNCTYPE(None)(16)()
