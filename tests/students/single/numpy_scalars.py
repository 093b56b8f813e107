# style: numpy scalars of 32 bits, for numbers and gradients
# needs: numpy
"""A small autograd engine that saves memory."""
import numpy as np


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, kids=()):
        self.data = np.float32(data)
        self.grad = np.float32(0.0)
        self.kids = kids
        self.push = lambda: None

    def __add__(self, o):
        o = lift(o)
        out = Value(self.data + o.data, (self, o))
        def push():
            self.grad += out.grad
            o.grad += out.grad
        out.push = push
        return out

    def __mul__(self, o):
        o = lift(o)
        out = Value(self.data * o.data, (self, o))
        def push():
            self.grad += o.data * out.grad
            o.grad += self.data * out.grad
        out.push = push
        return out

    def __pow__(self, n):
        out = Value(self.data ** n, (self,))
        def push():
            self.grad += n * self.data ** (n - 1) * out.grad
        out.push = push
        return out

    def __rpow__(self, base):
        out = Value(base ** self.data, (self,))
        def push():
            self.grad += np.log(base) * out.data * out.grad
        out.push = push
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, o):
        return self + -lift(o)

    def __rsub__(self, o):
        return lift(o) + -self

    def __truediv__(self, o):
        return self * lift(o) ** -1

    def __rtruediv__(self, o):
        return lift(o) * self ** -1

    def _unary(self, value, slope):
        out = Value(value, (self,))
        def push():
            self.grad += slope * out.grad
        out.push = push
        return out

    def tanh(self):
        t = np.tanh(self.data)
        return self._unary(t, 1 - t * t)

    def exp(self):
        e = np.exp(self.data)
        return self._unary(e, e)

    def log(self):
        return self._unary(np.log(self.data), 1 / self.data)

    def relu(self):
        return self._unary(max(self.data, 0), 1.0 if self.data > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return self._unary(s, s * (1 - s))

    def sin(self):
        return self._unary(np.sin(self.data), np.cos(self.data))

    def cos(self):
        return self._unary(np.cos(self.data), -np.sin(self.data))

    def sqrt(self):
        return self ** 0.5

    def __abs__(self):
        return self._unary(abs(self.data), 1.0 if self.data > 0 else -1.0)

    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for k in v.kids:
                    visit(k)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.push()
