# what: closes the answer pipe and sleeps
# expect: invalid_output
# waits: 0.5
import os
import threading

os.close(4)
threading.Event().wait(1000)
