# what: crashes in the middle of a case
# expect: crashed
import ctypes

Value.backward = lambda self: ctypes.string_at(1)
