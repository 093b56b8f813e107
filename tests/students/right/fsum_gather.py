# style: contributions are gathered in a list for each node and added by math.fsum at the end
# design: float alone, arrows set later / recursive, operands from the right, reversed / lists of
#   parts, fsum of each
"""Numerically careful version. The gradient of a node is a sum over all edges going out of it; instead of +=
the summands are collected and summed exactly, so the order of the edges makes no difference."""

from math import copysign, cos, exp, expm1, fsum, log, sin, sqrt, tanh


class Scalar:
    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0
        self.arrows = []

    @classmethod
    def computed(cls, data, **arrows):
        node = cls(data)
        node.arrows = list(arrows.values())
        return node

    def __add__(self, o):
        o = scalar(o)
        return Scalar.computed(fsum((self.data, o.data)), a=(self, 1.0), b=(o, 1.0))

    def __sub__(self, o):
        o = scalar(o)
        return Scalar.computed(fsum((self.data, -o.data)), a=(self, 1.0), b=(o, -1.0))

    def __mul__(self, o):
        o = scalar(o)
        return Scalar.computed(self.data * o.data, a=(self, o.data), b=(o, self.data))

    def __truediv__(self, o):
        o = scalar(o)
        return Scalar.computed(
            self.data / o.data, a=(self, 1.0 / o.data), b=(o, -(self.data / o.data) / o.data)
        )

    def __pow__(self, n):
        if isinstance(n, Scalar):
            p = self.data ** n.data
            slope = n.data * self.data ** (n.data - 1.0)
            return Scalar.computed(p, a=(self, slope), b=(n, p * log(self.data)))
        slope = n * self.data ** (n - 1) if n else 0.0
        return Scalar.computed(self.data ** n, a=(self, slope))

    def __radd__(self, o):
        return self + o

    def __rsub__(self, o):
        return scalar(o) - self

    def __rmul__(self, o):
        return self * o

    def __rtruediv__(self, o):
        return scalar(o) / self

    def __rpow__(self, o):
        return scalar(o) ** self

    def __neg__(self):
        return Scalar.computed(-self.data, a=(self, -1.0))

    def __pos__(self):
        return self

    def __abs__(self):
        return Scalar.computed(abs(self.data), a=(self, copysign(1.0, self.data)))

    def tanh(self):
        # 1 - tanh^2 cancels for large x; 4 e^-2|x| / (1 + e^-2|x|)^2 does not
        e = exp(-2.0 * abs(self.data))
        return Scalar.computed(
            copysign(-expm1(-2.0 * abs(self.data)) / (1.0 + e), self.data),
            a=(self, 4.0 * e / (1.0 + e) ** 2),
        )

    def sigmoid(self):
        e = exp(-abs(self.data))
        s = 1.0 / (1.0 + e)
        return Scalar.computed(s if self.data >= 0 else e * s, a=(self, e * s * s))

    def exp(self):
        return Scalar.computed(exp(self.data), a=(self, exp(self.data)))

    def log(self):
        return Scalar.computed(log(self.data), a=(self, 1.0 / self.data))

    def relu(self):
        return Scalar.computed((self.data + abs(self.data)) / 2, a=(self, float(self.data > 0)))

    def sin(self):
        return Scalar.computed(sin(self.data), a=(self, cos(self.data)))

    def cos(self):
        return Scalar.computed(cos(self.data), a=(self, -sin(self.data)))

    def sqrt(self):
        return Scalar.computed(sqrt(self.data), a=(self, 0.5 / sqrt(self.data)))

    def backward(self):
        order = []
        seen = set()

        def visit(node):
            seen.add(node)
            for operand, _ in node.arrows[::-1]:
                if operand not in seen:
                    visit(operand)
            order.append(node)

        visit(self)
        contributions = {node: [] for node in order}
        contributions[self].append(1.0)
        for node in reversed(order):
            node.grad = fsum(contributions[node])
            for operand, slope in node.arrows:
                contributions[operand].append(slope * node.grad)


def scalar(x):
    return x if isinstance(x, Scalar) else Scalar(x)
