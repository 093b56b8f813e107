# what: rewrites the driver beside it
# expect: wrong_value
import sys

frame = sys._getframe()
while "observe" not in frame.f_globals:
    frame = frame.f_back
frame.f_globals["observe"].__globals__["read_numbers"] = lambda nodes, reads, *_: [8.0] * len(reads)
