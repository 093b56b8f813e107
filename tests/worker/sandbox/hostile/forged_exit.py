# what: ends itself
# expect: invalid_output
import os

os._exit(0)
