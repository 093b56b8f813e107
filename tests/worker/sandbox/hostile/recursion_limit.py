# what: takes the recursion limit away
# expect: error
import sys


def backward(self):
    sys.setrecursionlimit(50)
    self.backward()


Value.backward = backward
