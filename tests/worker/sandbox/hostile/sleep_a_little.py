# what: sleeps in backward for less than a second
# expect: passed
# waits: 0
import time

plain = Value.backward


def backward(self):
    end = time.monotonic() + 0.7
    while time.monotonic() < end:
        time.sleep(0.1)
    plain(self)


Value.backward = backward
