# style: x ** 3 is x * x * x, other powers go by exp and log; functions composed in their textbook form
# design: float, sources as arguments, count of parts / Kahn, counts kept in nodes, stack / += after
#   the seed is added
"""Composed engine: the only formulas with a derivative of their own are +, *, 1/x, exp, log and sin."""
import math


class Value:
    def __init__(self, data, *sources):
        self.data = float(data)
        self.grad = 0.0
        self.sources = sources
        self.waiting_for = 0

    @classmethod
    def cast(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, other):
        other = self.cast(other)
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = self.cast(other)
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def inverse(self):
        return Value(1 / self.data, (self, -1 / (self.data * self.data)))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self, e))

    def log(self):
        return Value(math.log(self.data), (self, 1 / self.data))

    def sin(self):
        return Value(math.sin(self.data), (self, math.cos(self.data)))

    # everything else is made of these

    def __neg__(self):
        return Value(0) + self * -1

    def __sub__(self, other):
        return -(self.cast(other) + -self)

    def __truediv__(self, other):
        return self * self.cast(other).inverse()

    def __pow__(self, n):
        if isinstance(n, Value) or n != int(n):
            return (self.log() * n).exp()
        if n == 0:
            return self * 0 + 1
        product = self * 1
        for _ in range(abs(int(n)) - 1):
            product = product * self
        return product if n > 0 else product.inverse()

    def __radd__(self, other):
        return self.cast(other) + self

    def __rmul__(self, other):
        return self.cast(other) * self

    def __rsub__(self, other):
        return self.cast(other) - self

    def __rtruediv__(self, other):
        return self.cast(other) / self

    def __rpow__(self, other):
        return (self.cast(other).log() * self).exp()

    def tanh(self):
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def sigmoid(self):
        e = self.exp()
        return e / (e + 1)

    def relu(self):
        return (self + abs(self)) * 0.5

    def cos(self):
        return (math.pi / 2 - self).sin()

    def sqrt(self):
        return (self.log() * 0.5).exp()

    def __abs__(self):
        return self * (1 if self.data > 0 else -1)

    def backward(self):
        reached, stack = {self}, [self]
        while stack:
            for source, _ in stack.pop().sources:
                source.waiting_for += 1
                if source not in reached:
                    reached.add(source)
                    stack.append(source)
        self.grad += 1.0
        free = [self]
        while free:
            value = free.pop()
            for source, slope in value.sources:
                source.grad += slope * value.grad
                source.waiting_for -= 1
                if source.waiting_for == 0:
                    free.append(source)
