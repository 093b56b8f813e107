# style: forward mode: every number carries its derivatives by all leaves; backward() returns them
# design: number, dictionary of derivatives by leaf / none: derivatives are there with the value /
#   sums of dictionaries, forwards
"""Dual numbers, extended: instead of one epsilon, each input gets an epsilon of its own.

    x, y = Dual(3), Dual(4)
    L = x * y + x
    L.backward()          # {x: 5.0, y: 3.0}

There is nothing to go backward through, the answer is already there. The name is just what the
assignment wants.
"""

import math
from collections import defaultdict


class Dual:
    def __init__(self, val, eps=None):
        self.val = val
        self.eps = {self: 1.0} if eps is None else eps

    def _unary(self, val, slope):
        return Dual(val, {x: slope * e for x, e in self.eps.items()})

    def _binary(self, other, val, by_self, by_other):
        eps = defaultdict(float)
        for x, e in self.eps.items():
            eps[x] += by_self * e
        for x, e in other.eps.items():
            eps[x] += by_other * e
        return Dual(val, dict(eps))

    @staticmethod
    def _const(c):
        return c if isinstance(c, Dual) else Dual(c, {})

    def __add__(self, o):
        o = Dual._const(o)
        return self._binary(o, self.val + o.val, 1, 1)

    def __sub__(self, o):
        o = Dual._const(o)
        return self._binary(o, self.val - o.val, 1, -1)

    def __mul__(self, o):
        o = Dual._const(o)
        return self._binary(o, self.val * o.val, o.val, self.val)

    def __truediv__(self, o):
        o = Dual._const(o)
        return self._binary(o, self.val / o.val, 1 / o.val, -self.val / o.val / o.val)

    def __pow__(self, o):
        if not isinstance(o, Dual):
            return self._unary(self.val ** o, o * self.val ** (o - 1) if o != 0 else 0.0)
        p = self.val ** o.val
        return self._binary(o, p, o.val * self.val ** (o.val - 1), p * math.log(self.val))

    def __radd__(self, o):
        return Dual._const(o) + self

    def __rsub__(self, o):
        return Dual._const(o) - self

    def __rmul__(self, o):
        return Dual._const(o) * self

    def __rtruediv__(self, o):
        return Dual._const(o) / self

    def __rpow__(self, o):
        p = o ** self.val
        return self._unary(p, p * math.log(o))

    def __neg__(self):
        return self._unary(-self.val, -1)

    def __abs__(self):
        return -self if self.val < 0 else self._unary(self.val, 1)

    def backward(self):
        return dict(self.eps)


def exp(x):
    return x._unary(math.exp(x.val), math.exp(x.val))

def log(x):
    return x._unary(math.log(x.val), 1 / x.val)

def tanh(x):
    return x._unary(math.tanh(x.val), 1 / math.cosh(x.val) ** 2)

def sigmoid(x):
    s = 1 / (1 + math.exp(-x.val))
    return x._unary(s, s * (1 - s))

def relu(x):
    return x._unary(max(0.0, x.val), 1.0 if x.val > 0 else 0.0)

def sin(x):
    return x._unary(math.sin(x.val), math.cos(x.val))

def cos(x):
    return x._unary(math.cos(x.val), -math.sin(x.val))

def sqrt(x):
    r = math.sqrt(x.val)
    return x._unary(r, 1 / (2 * r))
