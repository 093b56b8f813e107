# style: three mixins: arithmetic, functions, differentiation; the class only holds the number
# design: number alone, made_of set by a class method / generator with a dictionary of ids, reversed
#   / dictionary by id, added to grad at the end
import math


class Arithmetic:
    def __add__(self, other):
        other = self.lift(other)
        return self.make(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = self.lift(other)
        return self.make(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        if isinstance(n, type(self)):
            return (n * self.log()).exp()
        return self.make(self.data**n, (self, n * self.data ** (n - 1) if n else 0.0))

    def __rpow__(self, base):
        return self.lift(base) ** self

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self.lift(other)

    def __truediv__(self, other):
        return self * self.lift(other) ** -1

    def __radd__(self, other):
        return self.lift(other) + self

    def __rsub__(self, other):
        return self.lift(other) - self

    def __rmul__(self, other):
        return self.lift(other) * self

    def __rtruediv__(self, other):
        return self.lift(other) / self


class Functions:
    def __abs__(self):
        return self.make(abs(self.data), (self, math.copysign(1, self.data)))

    def relu(self):
        return self.make(self.data, (self, 1.0)) if self.data > 0 else self.make(0.0, (self, 0.0))

    def tanh(self):
        t = math.tanh(self.data)
        return self.make(t, (self, 1 - t**2))

    def exp(self):
        e = math.exp(self.data)
        return self.make(e, (self, e))

    def log(self):
        return self.make(math.log(self.data), (self, 1 / self.data))

    def sigmoid(self):
        return 1 / (1 + (-self).exp())

    def sin(self):
        return self.make(math.sin(self.data), (self, math.cos(self.data)))

    def cos(self):
        return self.make(math.cos(self.data), (self, -math.sin(self.data)))

    def sqrt(self):
        return self**0.5


class Differentiable:
    def before(self, seen):
        """Everything that the node was made of, the oldest first, and the node itself."""
        if id(self) not in seen:
            seen[id(self)] = self
            for operand, _ in self.made_of:
                yield from operand.before(seen)
            yield self

    def backward(self):
        order = list(self.before({}))
        slopes = dict.fromkeys(map(id, order), 0.0)
        slopes[id(self)] = 1.0
        for node in order[::-1]:
            for operand, slope in node.made_of:
                slopes[id(operand)] += slope * slopes[id(node)]
        for node in order:
            node.grad += slopes[id(node)]


class Value(Arithmetic, Functions, Differentiable):
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.made_of = ()

    @classmethod
    def make(cls, data, *made_of):
        node = cls(data)
        node.made_of = made_of
        return node

    @classmethod
    def lift(cls, other):
        return other if isinstance(other, cls) else cls(other)
