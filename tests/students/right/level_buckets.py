# style: every node knows its level, one more than its operands'; backward goes level by level
# design: number, label, level, list of edges / buckets by level, downwards / reset, then += by edge
#   objects
"""No search for a topological order: the level of a node is the length of the longest path below it, so
all edges lead to lower levels. Edge objects carry the local derivative."""

import math
from collections import defaultdict


class Edge:
    def __init__(self, to, weight):
        self.to = to
        self.weight = weight


class Scalar:
    def __init__(self, value, label=None):
        self.value = value
        self.label = label
        self.grad = 0
        self.level = 0
        self.edges = []

    @staticmethod
    def _result(value, *edges):
        s = Scalar(value)
        s.edges = [Edge(to, weight) for to, weight in edges]
        s.level = 1 + max(e.to.level for e in s.edges)
        return s

    def backward(self):
        # 1. all nodes in buckets
        buckets = defaultdict(dict)
        buckets[self.level][id(self)] = self
        for level in range(self.level, -1, -1):
            for node in list(buckets[level].values()):
                for e in node.edges:
                    buckets[e.to.level][id(e.to)] = e.to
        # 2. a fresh start
        for bucket in buckets.values():
            for node in bucket.values():
                node.grad = 0
        # 3. down the stairs
        self.grad = 1
        for level in range(self.level, 0, -1):
            for node in buckets[level].values():
                for e in node.edges:
                    e.to.grad += e.weight * node.grad

    def __add__(self, other):
        if type(other) in (int, float):
            return Scalar._result(self.value + other, (self, 1))
        return Scalar._result(self.value + other.value, (self, 1), (other, 1))

    def __radd__(self, other):
        return Scalar._result(other + self.value, (self, 1))

    def __sub__(self, other):
        if type(other) in (int, float):
            return Scalar._result(self.value - other, (self, 1))
        return Scalar._result(self.value - other.value, (self, 1), (other, -1))

    def __rsub__(self, other):
        return Scalar._result(other - self.value, (self, -1))

    def __mul__(self, other):
        if type(other) in (int, float):
            return Scalar._result(self.value * other, (self, other))
        return Scalar._result(self.value * other.value, (self, other.value), (other, self.value))

    def __rmul__(self, other):
        return Scalar._result(other * self.value, (self, other))

    def __truediv__(self, other):
        if type(other) in (int, float):
            return Scalar._result(self.value / other, (self, 1 / other))
        a, b = self.value, other.value
        return Scalar._result(a / b, (self, 1 / b), (other, -a / b ** 2))

    def __rtruediv__(self, other):
        return Scalar._result(other / self.value, (self, -other / self.value ** 2))

    def __pow__(self, other):
        a = self.value
        if type(other) in (int, float):
            return Scalar._result(a ** other, (self, other * a ** (other - 1) if other else 0))
        b = other.value
        return Scalar._result(a ** b, (self, b * a ** (b - 1)), (other, a ** b * math.log(a)))

    def __rpow__(self, other):
        y = other ** self.value
        return Scalar._result(y, (self, y * math.log(other)))

    def __neg__(self):
        return Scalar._result(-self.value, (self, -1))

    def __abs__(self):
        return Scalar._result(math.fabs(self.value), (self, math.copysign(1, self.value)))

    def tanh(self):
        up, down = math.exp(self.value), math.exp(-self.value)
        return Scalar._result((up - down) / (up + down), (self, (2 / (up + down)) ** 2))

    def exp(self):
        y = math.e ** self.value
        return Scalar._result(y, (self, y))

    def log(self):
        return Scalar._result(math.log(self.value), (self, 1 / self.value))

    def relu(self):
        return Scalar._result(max(0, self.value), (self, 0 if self.value <= 0 else 1))

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.value))
        return Scalar._result(y, (self, y * (1 - y)))

    def sin(self):
        return Scalar._result(math.sin(self.value), (self, math.cos(self.value)))

    def cos(self):
        return Scalar._result(math.cos(self.value), (self, -math.sin(self.value)))

    def sqrt(self):
        y = self.value ** 0.5
        return Scalar._result(y, (self, 0.5 / y))
