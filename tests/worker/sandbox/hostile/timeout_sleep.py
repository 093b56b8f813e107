# what: sleeps
# expect: timeout
# waits: 0.5
import time

time.sleep(1000)
