# style: no order at all: every node passes on what has just come in, once for each path to the output
# design: number alone, function that splits a gradient / recursion along every path / += of the
#   part that comes, passed on at once
"""The sum over all paths, literally: backward(g) adds g to this node and hands g * slope to each operand.
Right, but slow if there are very many paths (I know)."""
import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self._how = lambda g: []

    def backward(self, g=1.0):
        self.grad += g
        for operand, share in self._how(g):
            operand.backward(share)

    def _op2(self, other, f, how):
        if not isinstance(other, Value):
            other = Value(other)
        out = Value(f(self.data, other.data))
        out._how = lambda g: zip((self, other), how(g, self.data, other.data, out.data))
        return out

    def _op1(self, f, how):
        out = Value(f(self.data))
        out._how = lambda g: [(self, how(g, self.data, out.data))]
        return out

    def __add__(self, other):
        return self._op2(other, lambda a, b: a + b, lambda g, a, b, y: (g, g))

    def __sub__(self, other):
        return self._op2(other, lambda a, b: a - b, lambda g, a, b, y: (g, -g))

    def __mul__(self, other):
        return self._op2(other, lambda a, b: a * b, lambda g, a, b, y: (g * b, g * a))

    def __truediv__(self, other):
        return self._op2(other, lambda a, b: a / b, lambda g, a, b, y: (g / b, -g * y / b))

    def __pow__(self, other):
        if not isinstance(other, Value):
            n = other
            return self._op1(lambda a: a**n, lambda g, a, y: g * n * a ** (n - 1) if n else 0.0)
        return self._op2(
            other,
            lambda a, b: a**b,
            lambda g, a, b, y: (g * b * a ** (b - 1) if b else 0.0, g * y * math.log(a)),
        )

    def __radd__(self, other): return Value(other) + self
    def __rsub__(self, other): return Value(other) - self
    def __rmul__(self, other): return Value(other) * self
    def __rtruediv__(self, other): return Value(other) / self
    def __rpow__(self, other): return Value(other) ** self

    def __neg__(self):
        return self._op1(lambda a: -a, lambda g, a, y: -g)

    def __abs__(self):
        return self._op1(abs, lambda g, a, y: g * a / y)

    def tanh(self):
        return self._op1(math.tanh, lambda g, a, y: g * (1 - y * y))

    def exp(self):
        return self._op1(math.exp, lambda g, a, y: g * y)

    def log(self):
        return self._op1(math.log, lambda g, a, y: g / a)

    def relu(self):
        return self._op1(lambda a: a * (a > 0), lambda g, a, y: g * (a > 0))

    def sigmoid(self):
        return self._op1(lambda a: (1 + math.tanh(a / 2)) / 2, lambda g, a, y: g * (y - y * y))

    def sin(self):
        return self._op1(math.sin, lambda g, a, y: g * math.cos(a))

    def cos(self):
        return self._op1(math.cos, lambda g, a, y: -g * math.sin(a))

    def sqrt(self):
        return self._op1(math.sqrt, lambda g, a, y: g / (2 * y))
