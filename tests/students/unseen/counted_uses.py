# style: slopes are kept in the node, and a node waits until all of its uses are done
import math
from collections import Counter, deque


class Num:
    def __init__(self, val, parents=()):
        self.val = val
        self.grad = 0.0
        self.parents = list(parents)

    @classmethod
    def of(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, o):
        o = Num.of(o)
        return Num(self.val + o.val, [(self, 1), (o, 1)])

    def __sub__(self, o):
        o = Num.of(o)
        return Num(self.val - o.val, [(self, 1), (o, -1)])

    def __mul__(self, o):
        o = Num.of(o)
        return Num(self.val * o.val, [(self, o.val), (o, self.val)])

    def __truediv__(self, o):
        o = Num.of(o)
        return Num(self.val / o.val, [(self, 1 / o.val), (o, -self.val / (o.val * o.val))])

    def __pow__(self, k):
        return Num(self.val**k, [(self, k * self.val ** (k - 1))])

    def __rpow__(self, c):
        p = c**self.val
        return Num(p, [(self, p * math.log(c))])

    def __neg__(self):
        return Num(-self.val, [(self, -1)])

    def __radd__(self, o):
        return self + o

    def __rmul__(self, o):
        return self * o

    def __rsub__(self, o):
        return Num.of(o) - self

    def __rtruediv__(self, o):
        return Num.of(o) / self

    def exp(self):
        e = math.exp(self.val)
        return Num(e, [(self, e)])

    def log(self):
        return Num(math.log(self.val), [(self, 1 / self.val)])

    def tanh(self):
        t = math.tanh(self.val)
        return Num(t, [(self, 1 - t * t)])

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.val))
        return Num(s, [(self, s * (1 - s))])

    def relu(self):
        return Num(max(0, self.val), [(self, int(self.val > 0))])

    def backward(self):
        waiting = Counter()
        queue, known = deque([self]), {self}
        while queue:
            for parent, _ in queue.popleft().parents:
                waiting[parent] += 1
                if parent not in known:
                    known.add(parent)
                    queue.append(parent)
        self.grad = 1
        ready = deque([self])
        while ready:
            node = ready.popleft()
            for parent, slope in node.parents:
                parent.grad += slope * node.grad
                waiting[parent] -= 1
                if waiting[parent] == 0:
                    ready.append(parent)
