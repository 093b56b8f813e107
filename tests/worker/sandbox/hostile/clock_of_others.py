# what: asks other processes' clocks whether they exist
# expect: denied
import time

for pid in (1, 2, 1000):
    attempt(lambda: time.clock_gettime(~pid << 3 | 2))
