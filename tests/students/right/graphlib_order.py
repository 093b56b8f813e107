# style: the standard library's graphlib sorts the graph; operations are partialmethods of a few
# design: number, sources by keyword / graphlib.TopologicalSorter, reversed by a slice / dictionary
#   by node, assigned to all at the end
"""Found graphlib.TopologicalSorter in the docs, which does the sorting for me :)"""
import math
from functools import partialmethod
from graphlib import TopologicalSorter


class Value:
    def __init__(self, val, **sources):
        self.val = val
        self.derivative = 0.0
        self._sources = sources

    def _lift(self, other):
        return other if isinstance(other, Value) else Value(other)

    def backprop(self):
        graph, stack = {}, [self]
        while stack:
            v = stack.pop()
            if v not in graph:
                graph[v] = {u for u, _ in v._sources.values()}
                stack.extend(graph[v])
        order = list(TopologicalSorter(graph).static_order())
        acc = dict.fromkeys(order, 0.0)
        acc[self] = 1.0
        for v in order[::-1]:
            for u, slope in v._sources.values():
                acc[u] += slope * acc[v]
        for v, total in acc.items():
            v.derivative = total

    def _linear(self, other, a, b, swap=False):
        """a * self + b * other, which is + and - in all their forms"""
        other = self._lift(other)
        if swap:
            a, b = b, a
        return Value(a * self.val + b * other.val, left=(self, a), right=(other, b))

    __add__ = partialmethod(_linear, a=1, b=1)
    __sub__ = partialmethod(_linear, a=1, b=-1)
    __radd__ = partialmethod(_linear, a=1, b=1, swap=True)
    __rsub__ = partialmethod(_linear, a=1, b=-1, swap=True)

    def __neg__(self):
        return Value(-self.val, x=(self, -1))

    def __mul__(self, other):
        other = self._lift(other)
        return Value(self.val * other.val, left=(self, other.val), right=(other, self.val))

    def __truediv__(self, other):
        other = self._lift(other)
        b = other.val
        return Value(self.val / b, left=(self, 1 / b), right=(other, -self.val / b**2))

    def __pow__(self, other):
        if isinstance(other, Value):
            return (other * self.log()).exp()
        return Value(self.val**other, x=(self, other and other * self.val ** (other - 1)))

    __rmul__ = __mul__

    def __rtruediv__(self, other):
        return self._lift(other) / self

    def __rpow__(self, other):
        return (self * math.log(other)).exp()

    def __abs__(self):
        return self * (1 if self.val > 0 else -1)

    def _elementary(self, f, df):
        return Value(f(self.val), x=(self, df(self.val)))

    exp = partialmethod(_elementary, math.exp, math.exp)
    log = partialmethod(_elementary, math.log, lambda x: 1 / x)
    sin = partialmethod(_elementary, math.sin, math.cos)
    cos = partialmethod(_elementary, math.cos, lambda x: -math.sin(x))
    sqrt = partialmethod(_elementary, math.sqrt, lambda x: 0.5 * x**-0.5)
    tanh = partialmethod(_elementary, math.tanh, lambda x: 1 - math.tanh(x) ** 2)
    relu = partialmethod(_elementary, lambda x: max(x, 0.0), lambda x: 1.0 if x > 0 else 0.0)

    def sigmoid(self):
        return 1 / (1 + (-self).exp())
