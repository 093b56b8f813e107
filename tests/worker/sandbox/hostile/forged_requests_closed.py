# what: closes the request pipe
# expect: invalid_output
import os

os.close(3)
