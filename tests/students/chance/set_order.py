# style: depth first with a stack; a node may lie on it twice, and which one counts is the order of a set
"""A node may lie on the stack twice, so it may push twice. Which, depends on the order of a set."""
import math


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, kids=()):
        self.data = data
        self.grad = 0.0
        self.kids = set(kids)
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
            self.grad += math.log(base) * out.data * out.grad
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
        t = math.tanh(self.data)
        return self._unary(t, 1 - t * t)

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, e)

    def log(self):
        return self._unary(math.log(self.data), 1 / self.data)

    def relu(self):
        return self._unary(max(self.data, 0), 1.0 if self.data > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._unary(s, s * (1 - s))

    def sin(self):
        return self._unary(math.sin(self.data), math.cos(self.data))

    def cos(self):
        return self._unary(math.cos(self.data), -math.sin(self.data))

    def sqrt(self):
        return self ** 0.5

    def __abs__(self):
        return self._unary(abs(self.data), 1.0 if self.data > 0 else -1.0)

    def backward(self):
        order, seen, stack = [], set(), [self]
        while stack:
            v = stack[-1]
            if v in seen:
                order.append(stack.pop())
            else:
                seen.add(v)
                stack.extend(k for k in v.kids if k not in seen)
        self.grad = 1.0
        for v in reversed(order):
            v.push()
