# what: sleeps
# expect: timeout
# wall: 0.5
import time

time.sleep(1000)
