# what: closes the answer pipe and sleeps
# expect: invalid_output
# waits: 0.5
import os
import time

os.close(4)
time.sleep(1000)
