# what: waits for requests in the driver's place
# expect: timeout
# waits: 0.5
import os

while True:
    os.read(3, 1)
