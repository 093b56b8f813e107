# what: spoils the modules for the next submission
# expect: passed
import collections
import functools
import math

math.pi = 3
math.exp = math.tanh = lambda _: 0.0
functools.reduce = collections.deque = None
