# what: sleeps in backward, a little at a time
# expect: timeout
# waits: 0
import time

plain = Value.backward


def backward(self):
    end = time.time() + 5
    while time.time() < end:
        time.sleep(0.1)
    plain(self)


Value.backward = backward
