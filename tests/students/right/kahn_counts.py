# style: Kahn's algorithm: a node waits until all its uses have sent their part
# design: number, sources as arguments / Kahn, Counter by id, deque / Counter by id, added to d
"""Backward pass with counters instead of a sorted list.

First pass: count for every node how many times it is used inside this graph.
Second pass: start at the output; whoever has received as many parts as it has uses may send on.
No recursion, so long chains are fine.
"""

import math
from collections import Counter, deque


class Scalar:
    def __init__(self, val, *sources):
        self.val = val
        self.d = 0.0
        self.sources = sources  # pairs (Scalar, local slope)

    def backward(self):
        uses = Counter()
        todo, known = [self], {id(self)}
        while todo:
            for source, _ in todo.pop().sources:
                uses[id(source)] += 1
                if id(source) not in known:
                    known.add(id(source))
                    todo.append(source)
        part = Counter({id(self): 1.0})
        ready = deque([self])
        while ready:
            node = ready.popleft()
            node.d += part[id(node)]
            for source, slope in node.sources:
                part[id(source)] += slope * part[id(node)]
                uses[id(source)] -= 1
                if not uses[id(source)]:
                    ready.append(source)

    def __add__(self, other):
        if isinstance(other, Scalar):
            return Scalar(self.val + other.val, (self, 1), (other, 1))
        return Scalar(self.val + other, (self, 1))

    def __mul__(self, other):
        if isinstance(other, Scalar):
            return Scalar(self.val * other.val, (self, other.val), (other, self.val))
        return Scalar(self.val * other, (self, other))

    def __sub__(self, other):
        if isinstance(other, Scalar):
            return Scalar(self.val - other.val, (self, 1), (other, -1))
        return Scalar(self.val - other, (self, 1))

    def __truediv__(self, other):
        if isinstance(other, Scalar):
            q = self.val / other.val
            return Scalar(q, (self, 1 / other.val), (other, -q / other.val))
        return Scalar(self.val / other, (self, 1 / other))

    def __pow__(self, k):
        if isinstance(k, Scalar):
            p = self.val ** k.val
            return Scalar(p, (self, k.val * self.val ** (k.val - 1)), (k, p * math.log(self.val)))
        if k == 0:
            return Scalar(1.0, (self, 0.0))
        return Scalar(self.val ** k, (self, k * self.val ** (k - 1)))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return Scalar(other - self.val, (self, -1))

    def __rtruediv__(self, other):
        return Scalar(other / self.val, (self, -other / self.val ** 2))

    def __rpow__(self, other):
        p = other ** self.val
        return Scalar(p, (self, p * math.log(other)))

    def __neg__(self):
        return Scalar(-self.val, (self, -1))

    def __abs__(self):
        return Scalar(abs(self.val), (self, (self.val > 0) - (self.val < 0)))

    def exp(self):
        e = math.exp(self.val)
        return Scalar(e, (self, e))

    def log(self):
        return Scalar(math.log(self.val), (self, 1 / self.val))

    def tanh(self):
        t = math.tanh(self.val)
        return Scalar(t, (self, 1 - t * t))

    def sigmoid(self):
        # two branches, so that exp never gets a large positive number
        e = math.exp(-abs(self.val))
        s = 1 / (1 + e) if self.val >= 0 else e / (1 + e)
        return Scalar(s, (self, e / (1 + e) ** 2))

    def relu(self):
        return Scalar(max(0.0, self.val), (self, 0.5 * ((self.val > 0) + (self.val >= 0))))

    def sin(self):
        return Scalar(math.sin(self.val), (self, math.cos(self.val)))

    def cos(self):
        return Scalar(math.cos(self.val), (self, -math.sin(self.val)))

    def sqrt(self):
        r = self.val ** 0.5
        return Scalar(r, (self, 0.5 / r))
