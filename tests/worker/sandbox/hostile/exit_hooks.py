# what: leaves hooks behind
# expect: passed
import atexit
import sys
import threading

atexit.register(print, "ESCAPED")
threading._register_atexit(print, "ESCAPED")
sys.excepthook = sys.unraisablehook = print
sys.settrace(lambda *_: None)
sys.setprofile(lambda *_: None)
