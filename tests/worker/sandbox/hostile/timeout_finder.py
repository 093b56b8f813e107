# what: an import that never ends
# expect: timeout
import sys


class Finder:
    def find_spec(self, *_):
        while True:
            pass


sys.meta_path[:] = [Finder()]
import anything
