# style: a priority queue by creation number: the youngest node goes first, so no sorting is needed
# design: number, edges, number of birth / heap, the youngest first / dictionary by node, popped
#   into dv
"""Every result is younger than its operands. So backprop just has to take the youngest node that has
received something, again and again, from a heap."""

import heapq
import itertools
import math

_births = itertools.count()


class Var:
    __slots__ = ("v", "dv", "born", "edges")

    def __init__(self, v, edges=()):
        self.v = v
        self.dv = 0.0
        self.born = next(_births)
        self.edges = edges

    def __lt__(self, other):  # for heapq: youngest first
        return self.born > other.born

    def backward(self, seed=1.0):
        pending = {self: seed}
        heap = [self]
        while heap:
            node = heapq.heappop(heap)
            flow = pending.pop(node)
            node.dv += flow
            for target, slope in node.edges:
                if target not in pending:
                    pending[target] = 0.0
                    heapq.heappush(heap, target)
                pending[target] += flow * slope

    def __add__(self, other):
        if not isinstance(other, Var):
            return Var(self.v + other, [(self, 1.0)])
        return Var(self.v + other.v, [(self, 1.0), (other, 1.0)])

    __radd__ = __add__

    def __mul__(self, other):
        if not isinstance(other, Var):
            return Var(self.v * other, [(self, other)])
        return Var(self.v * other.v, [(self, other.v), (other, self.v)])

    __rmul__ = __mul__

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return -(-self + other)

    def __rsub__(self, other):
        return -self + other

    def reciprocal(self):
        r = 1 / self.v
        return Var(r, [(self, -r * r)])

    def __truediv__(self, other):
        if not isinstance(other, Var):
            return Var(self.v / other, [(self, 1 / other)])
        return self * other.reciprocal()

    def __rtruediv__(self, other):
        return self.reciprocal() * other

    def __pow__(self, other):
        if isinstance(other, Var):
            y = self.v**other.v
            return Var(
                y,
                [(self, other.v * y / self.v), (other, math.log(self.v) * y)],
            )
        if other == 0:
            return self * 0 + 1
        return Var(self.v**other, [(self, other * self.v ** (other - 1))])

    def __rpow__(self, base):
        y = base**self.v
        return Var(y, [(self, math.log(base) * y)])

    def __abs__(self):
        return self * 1 if self.v > 0 else -self

    def exp(self):
        y = math.exp(self.v)
        return Var(y, [(self, y)])

    def log(self):
        return Var(math.log(self.v), [(self, 1 / self.v)])

    def tanh(self):
        y = math.tanh(self.v)
        return Var(y, [(self, 1 - y * y)])

    def sigmoid(self):
        return (self * 0.5).tanh() * 0.5 + 0.5

    def relu(self):
        return Var(max(0, self.v), [(self, float(self.v > 0))])

    def sin(self):
        return Var(math.sin(self.v), [(self, math.cos(self.v))])

    def cos(self):
        return Var(math.cos(self.v), [(self, -math.sin(self.v))])

    def sqrt(self):
        y = math.sqrt(self.v)
        return Var(y, [(self, 0.5 / y)])
