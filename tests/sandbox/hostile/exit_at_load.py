# what: leaves while it is loaded
# expect: load_error
import sys

sys.exit(0)
