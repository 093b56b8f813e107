# what: puts itself in the place of the streams
# expect: passed
import sys


class Stream:
    def write(self, _):
        raise SystemExit

    flush = property(lambda self: 1 / 0)


sys.stdout = sys.stderr = sys.__stdout__ = Stream()
