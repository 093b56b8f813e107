# style: __getattr__ finds the functions in a table of (function, derivative); recursion by pending uses
# design: number, pairs, count of pending parts / recursive, counts kept in nodes / += when a part
#   comes, passed on with the last
"""x.tanh() and the others are nowhere defined as methods: __getattr__ makes them out of TABLE."""

import math

TABLE = {
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "relu": (lambda x: max(x, 0.0), lambda x, y: 1.0 * (x > 0)),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), lambda x, y: y * (1 - y)),
    "sin": (math.sin, lambda x, y: math.cos(x)),
    "cos": (math.cos, lambda x, y: -math.sin(x)),
    "sqrt": (math.sqrt, lambda x, y: 0.5 / y),
}


class Value:
    def __init__(self, data, sources=()):
        self.data = data
        self.sources = sources
        self.grad = 0.0
        self.pending = 0

    def __getattr__(self, name):
        if name not in TABLE:
            raise AttributeError(name)
        function, derivative = TABLE[name]

        def call():
            y = function(self.data)
            return Value(y, [(self, derivative(self.data, y))])

        return call

    def expect(self):
        """Counts how many gradients will arrive. Only the first caller goes on to the sources."""
        self.pending += 1
        if self.pending == 1:
            for source, _ in self.sources:
                source.expect()

    def receive(self, gradient):
        self.grad += gradient
        self.pending -= 1
        if self.pending == 0:
            for source, slope in self.sources:
                source.receive(slope * self.grad)

    def backward(self):
        self.expect()
        self.receive(1.0)

    def __add__(self, other):
        other = lift(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        other = lift(other)
        return Value(self.data - other.data, [(self, 1.0), (other, -1.0)])

    def __mul__(self, other):
        other = lift(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        other = lift(other)
        a, b = self.data, other.data
        return Value(a / b, [(self, 1 / b), (other, -a / b / b)])

    def __pow__(self, other):
        if isinstance(other, Value):
            p = self.data**other.data
            by_base = other.data * self.data ** (other.data - 1)
            return Value(p, [(self, by_base), (other, math.log(self.data) * p)])
        return Value(self.data**other, [(self, other and other * self.data ** (other - 1))])

    def __rpow__(self, other):
        return lift(other) ** self

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return Value(-self.data, [(self, -1.0)])

    def __abs__(self):
        return Value(abs(self.data), [(self, math.copysign(1.0, self.data))])


def lift(x):
    return x if isinstance(x, Value) else Value(x)
