# what: an import that never ends
# expect: timeout
import sys


class Finder:
    def find_spec(self, *_):
        sum(iter(int, 1))


sys.meta_path[:] = [Finder()]
import anything
