# style: grad(output, inputs) returns a list of gradients, one for each input, and stores nothing
# design: number, links as objects / recursive function, set of ids, reversed / dictionary by id,
#   returned as a list
"""grad(L, [x, y]) -> [dL/dx, dL/dy], like torch.autograd.grad. Nothing is ever stored in a Scalar, so there
is nothing to reset either."""
import math
from typing import NamedTuple


class Link(NamedTuple):
    towards: "Scalar"
    factor: float


class Scalar:
    def __init__(self, value, *links):
        self.value = value
        self.links = [Link(*link) for link in links]

    def __float__(self):
        return float(self.value)

    def __add__(self, other):
        other = to_scalar(other)
        return Scalar(self.value + other.value, (self, 1), (other, 1))

    def __sub__(self, other):
        other = to_scalar(other)
        return Scalar(self.value - other.value, (self, 1), (other, -1))

    def __mul__(self, other):
        other = to_scalar(other)
        return Scalar(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        other = to_scalar(other)
        q = self.value / other.value
        return Scalar(q, (self, 1 / other.value), (other, -q / other.value))

    def __pow__(self, n):
        if isinstance(n, Scalar):
            return exp(n * log(self))
        return Scalar(self.value ** n, (self, n * self.value ** (n - 1) if n else 0))

    def __neg__(self):
        return Scalar(-self.value, (self, -1))

    def __abs__(self):
        return Scalar(abs(self.value), (self, 1 if self.value > 0 else -1))

    def __radd__(self, other):
        return to_scalar(other) + self

    def __rsub__(self, other):
        return to_scalar(other) - self

    def __rmul__(self, other):
        return to_scalar(other) * self

    def __rtruediv__(self, other):
        return to_scalar(other) / self

    def __rpow__(self, other):
        y = other ** self.value
        return Scalar(y, (self, y * math.log(other)))


def to_scalar(x):
    return x if isinstance(x, Scalar) else Scalar(x)


def exp(x):
    y = math.exp(x.value)
    return Scalar(y, (x, y))


def log(x):
    return Scalar(math.log(x.value), (x, 1 / x.value))


def tanh(x):
    y = math.tanh(x.value)
    return Scalar(y, (x, 1 - y * y))


def sigmoid(x):
    y = 1 / (1 + math.exp(-x.value))
    return Scalar(y, (x, y * (1 - y)))


def relu(x):
    return Scalar(max(x.value, 0), (x, 1 if x.value > 0 else 0))


def sin(x):
    return Scalar(math.sin(x.value), (x, math.cos(x.value)))


def cos(x):
    return Scalar(math.cos(x.value), (x, -math.sin(x.value)))


def sqrt(x):
    y = math.sqrt(x.value)
    return Scalar(y, (x, 1 / (2 * y)))


def grad(output, inputs):
    order, seen = [], set()

    def visit(scalar):
        if id(scalar) not in seen:
            seen.add(id(scalar))
            for link in scalar.links:
                visit(link.towards)
            order.append(scalar)

    visit(output)
    total = {id(scalar): 0.0 for scalar in order}
    total[id(output)] = 1.0
    for scalar in reversed(order):
        for link in scalar.links:
            total[id(link.towards)] += link.factor * total[id(scalar)]
    return [total.get(id(x), 0.0) for x in inputs]
