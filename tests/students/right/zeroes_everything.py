# style: backward first sets the gradient of every node there is to 0, in other graphs too
# design: number, pairs, member of all nodes / stack of pairs with a flag, set of nodes, reversed /
#   reset everywhere, then +=
"""Micrograd, but you can call backward() as often as you like without zero_grad()."""
import math
import weakref


class Value:
    everything = weakref.WeakSet()

    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents  # pairs of a Value and the slope towards it
        Value.everything.add(self)

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        return Value(self.data**n, ((self, n * self.data ** (n - 1) if n else 0.0),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Value.of(other)

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __rpow__(self, base):
        return (self * math.log(base)).exp()

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self):
        return Value(abs(self.data), ((self, math.copysign(1.0, self.data)),))

    def unary(self, value, slope):
        return Value(value, ((self, slope),))

    def tanh(self):
        t = math.tanh(self.data)
        return self.unary(t, 1 - t * t)

    def exp(self):
        e = math.exp(self.data)
        return self.unary(e, e)

    def log(self):
        return self.unary(math.log(self.data), 1 / self.data)

    def relu(self):
        return self.unary(max(0.0, self.data), 1.0 if self.data > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self.unary(s, s * (1 - s))

    def sin(self):
        return self.unary(math.sin(self.data), math.cos(self.data))

    def cos(self):
        return self.unary(math.cos(self.data), -math.sin(self.data))

    def sqrt(self):
        r = math.sqrt(self.data)
        return self.unary(r, 0.5 / r)

    def backward(self):
        for value in Value.everything:
            value.grad = 0.0
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad
