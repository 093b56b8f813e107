# what: leaves while it is loaded; its class is there by then
# expect: passed
import sys

sys.exit(0)
