# style: a module-level get_gradients(root) returns a dictionary; nodes keep tuples of local gradients
# design: number, tuple of local gradients / recursive function, set of nodes, reversed /
#   defaultdict by node, returned
# Autodiff, short version. A Variable has a value and, if it was computed, its local gradients:
# a tuple of pairs (input, d this / d input). get_gradients() multiplies along and adds up.

from collections import defaultdict
from math import cos as _cos, exp as _exp, log as _log, sin as _sin, tanh as _tanh


class Variable:
    def __init__(self, value, local_gradients=()):
        self.value = value
        self.local_gradients = local_gradients

    def __add__(self, other):
        return add(self, other)

    def __mul__(self, other):
        return mul(self, other)

    def __sub__(self, other):
        return add(self, neg(other))

    def __truediv__(self, other):
        return mul(self, inv(other))

    def __radd__(self, other):
        return add(other, self)

    def __rmul__(self, other):
        return mul(other, self)

    def __rsub__(self, other):
        return add(other, neg(self))

    def __rtruediv__(self, other):
        return mul(other, inv(self))

    def __neg__(self):
        return neg(self)

    def __abs__(self):
        return neg(self) if self.value < 0 else add(self, 0)

    def __pow__(self, n):
        if isinstance(n, Variable):
            return exp(mul(n, log(self)))
        return Variable(self.value ** n, ((self, n and n * self.value ** (n - 1)),))

    def __rpow__(self, base):
        return exp(mul(self, _log(base)))


def variable(x):
    return x if isinstance(x, Variable) else Variable(x)

def add(a, b):
    a, b = variable(a), variable(b)
    return Variable(a.value + b.value, ((a, 1), (b, 1)))

def mul(a, b):
    a, b = variable(a), variable(b)
    return Variable(a.value * b.value, ((a, b.value), (b, a.value)))

def neg(a):
    a = variable(a)
    return Variable(-1 * a.value, ((a, -1),))

def inv(a):
    a = variable(a)
    return Variable(1. / a.value, ((a, -1. / a.value ** 2),))

def exp(a):
    e = _exp(a.value)
    return Variable(e, ((a, e),))

def log(a):
    return Variable(_log(a.value), ((a, 1. / a.value),))

def sin(a):
    return Variable(_sin(a.value), ((a, _cos(a.value)),))

def cos(a):
    return Variable(_cos(a.value), ((a, -_sin(a.value)),))

def tanh(a):
    t = _tanh(a.value)
    return Variable(t, ((a, 1 - t ** 2),))

def sigmoid(a):
    return inv(1 + exp(-a))

def relu(a):
    return Variable(max(a.value, 0), ((a, 1 if a.value > 0 else 0),))

def sqrt(a):
    return a ** .5


def get_gradients(root):
    """d root / d v for every v that root depends on, {v: derivative}."""
    order, seen = [], set()

    def walk(v):
        if v in seen:
            return
        seen.add(v)
        for child, _ in v.local_gradients:
            walk(child)
        order.append(v)

    walk(root)
    gradients = defaultdict(lambda: 0)
    gradients[root] = 1
    for v in reversed(order):
        for child, local in v.local_gradients:
            gradients[child] += gradients[v] * local
    return gradients
