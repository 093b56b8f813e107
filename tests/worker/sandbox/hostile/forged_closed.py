# what: closes the answer pipe
# expect: invalid_output
import os

os.close(4)
