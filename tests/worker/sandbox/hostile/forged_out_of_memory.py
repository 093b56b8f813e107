# what: pretends that memory ran out
# expect: memory_limit
import os

os._exit(77)
