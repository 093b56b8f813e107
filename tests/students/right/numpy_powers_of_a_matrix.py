# style: numpy; one matrix of partial derivatives, and the sum of its powers times a unit vector
# design: float64, dictionary of partials by parent / breadth first numbering of rows / powers of a
#   matrix times a vector
# needs: numpy
"""Derivatives as linear algebra.

W[i, j] is the partial derivative of node i by node j. A path of k steps is an entry of W^k, so all paths
together are (I + W + W^2 + ...)^T e, which ends, because W is nilpotent.
"""

import numpy as np


class Scalar:
    def __init__(self, value, parents=()):
        self.value = np.float64(value)
        self.parents = dict(parents)  # node -> partial derivative
        self.gradient = 0.0

    def backward(self):
        nodes = [self]
        place = {self: 0}
        for node in nodes:
            for parent in node.parents:
                if parent not in place:
                    place[parent] = len(nodes)
                    nodes.append(parent)
        W = np.zeros((len(nodes), len(nodes)))
        for node in nodes:
            for parent, partial in node.parents.items():
                W[place[node], place[parent]] = partial
        step = np.zeros(len(nodes))
        step[0] = 1.0
        total = np.zeros(len(nodes))
        while step.any():
            total += step
            step = W.T @ step
        for node, number in zip(nodes, total):
            node.gradient += float(number)

    def _with(self, value, mine, other=None, its=0.0):
        out = Scalar(value, [(self, mine)])
        if other is not None:
            # the same node twice: one entry of the matrix has both
            out.parents[other] = out.parents.get(other, 0.0) + its
        return out

    def __add__(self, other):
        other = as_scalar(other)
        return self._with(self.value + other.value, 1, other, 1)

    def __sub__(self, other):
        other = as_scalar(other)
        return self._with(self.value - other.value, 1, other, -1)

    def __mul__(self, other):
        other = as_scalar(other)
        return self._with(self.value * other.value, other.value, other, self.value)

    def __truediv__(self, other):
        other = as_scalar(other)
        q = self.value / other.value
        return self._with(q, 1 / other.value, other, -q / other.value)

    def __pow__(self, other):
        if isinstance(other, Scalar):
            p = self.value**other.value
            by_base = other.value * self.value ** (other.value - 1)
            return self._with(p, by_base, other, p * np.log(self.value))
        return self._with(self.value**other, other * self.value ** (other - 1) if other else 0)

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return as_scalar(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return as_scalar(other) / self

    def __rpow__(self, other):
        return as_scalar(other) ** self

    def __neg__(self):
        return self._with(-self.value, -1)

    def __abs__(self):
        return self._with(abs(self.value), np.sign(self.value))

    def relu(self):
        return self._with(np.maximum(self.value, 0), np.heaviside(self.value, 0))

    def tanh(self):
        return self._with(np.tanh(self.value), 1 - np.tanh(self.value) ** 2)

    def exp(self):
        return self._with(np.exp(self.value), np.exp(self.value))

    def log(self):
        return self._with(np.log(self.value), 1 / self.value)

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.value))
        return self._with(s, s * (1 - s))

    def sin(self):
        return self._with(np.sin(self.value), np.cos(self.value))

    def cos(self):
        return self._with(np.cos(self.value), -np.sin(self.value))

    def sqrt(self):
        return self._with(np.sqrt(self.value), 0.5 / np.sqrt(self.value))


def as_scalar(x):
    return x if isinstance(x, Scalar) else Scalar(x)
