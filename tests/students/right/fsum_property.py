# style: .grad is a property: the exact sum of a list of parts, computed when somebody reads it
# design: number, links, number of birth / sets of ancestors, sorted by birth / list of parts, fsum
#   when grad is read
from itertools import count
from math import cos, exp, fsum, log, sin, sqrt, tanh

clock = count()


class Value:
    """born: number of the node in order of creation, so sorting by it is a topological order."""

    def __init__(self, data, links=()):
        self.data = data
        self.links = links
        self.born = next(clock)
        self.parts = []

    @property
    def grad(self):
        return fsum(self.parts)

    @grad.setter
    def grad(self, number):
        self.parts = [number] if number else []

    def ancestors(self):
        found = {self}
        border = {self}
        while border:
            border = {p for node in border for p, _ in node.links} - found
            found |= border
        return found

    def backward(self):
        self.grad = 1.0
        for node in sorted(self.ancestors(), key=lambda node: -node.born):
            g = node.grad
            for parent, slope in node.links:
                parent.parts.append(slope * g)

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
        return Value(self.data + other, ((self, 1.0),))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        return Value(self.data * other, ((self, other),))

    def __pow__(self, n):
        if isinstance(n, Value):
            p = self.data ** n.data
            return Value(p, ((self, n.data * p / self.data), (n, log(self.data) * p)))
        return Value(self.data ** n, ((self, n * self.data ** (n - 1) if n else 0),))

    def __rpow__(self, base):
        p = base ** self.data
        return Value(p, ((self, log(base) * p),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other ** -1 if isinstance(other, Value) else self * (1 / other)

    def __rtruediv__(self, other):
        return self ** -1 * other

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self):
        return Value(abs(self.data), ((self, (self.data > 0) - (self.data < 0)),))

    def relu(self):
        return Value(self.data * (self.data > 0), ((self, self.data > 0),))

    def tanh(self):
        t = tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(log(self.data), ((self, 1 / self.data),))

    def sigmoid(self):
        s = 1 / (1 + exp(-self.data))
        return Value(s, ((self, s - s * s),))

    def sin(self):
        return Value(sin(self.data), ((self, cos(self.data)),))

    def cos(self):
        return Value(cos(self.data), ((self, -sin(self.data)),))

    def sqrt(self):
        return Value(sqrt(self.data), ((self, 1 / (2 * sqrt(self.data))),))
