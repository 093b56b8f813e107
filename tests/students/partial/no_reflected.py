# style: all operations and functions, but a Value must stand on the left: 2 * x is not there
# has: addition, subtraction, multiplication, division, negation, power, addition of a number,
#   subtraction of a number, multiplication by a number, division by a number, tanh, exp, log,
#   relu, sigmoid, sin, cos, sqrt, abs
"""Autograd with numbers on the right only (x * 2 works, 2 * x does not)."""
import math


class Value:
    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = data, 0.0, edges

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = Value.wrap(other)
        a, b = self.data, other.data
        return Value(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        return Value(self.data**n, ((self, n * self.data ** (n - 1) if n else 0.0),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __abs__(self):
        return Value(abs(self.data), ((self, math.copysign(1.0, self.data)),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(math.log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, float(self.data > 0)),))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, ((self, s * (1 - s)),))

    def sin(self):
        return Value(math.sin(self.data), ((self, math.cos(self.data)),))

    def cos(self):
        return Value(math.cos(self.data), ((self, -math.sin(self.data)),))

    def sqrt(self):
        return self**0.5

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for u, _ in v.edges:
                    visit(u)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for u, slope in v.edges:
                u.grad += slope * v.grad
