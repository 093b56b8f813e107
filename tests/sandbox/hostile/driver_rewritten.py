# what: rewrites the driver beside it
# expect: wrong_value
import sys

frame = sys._getframe()
while "read_number" not in frame.f_globals:
    frame = frame.f_back
frame.f_globals["read_number"] = lambda *_: 8.0
