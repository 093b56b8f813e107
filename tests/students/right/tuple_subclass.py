# style: a node is a tuple (number, operands, slopes) with one attribute more, its gradient
# design: subclass of tuple: number, operands, slopes / recursive, nodes by id in a dictionary, inserts
#   at the front / += by indexes
"""An immutable node, except for .grad. Identity, not contents, decides whether two nodes are the same."""
import math


class Value(tuple):
    def __new__(cls, data, operands=(), slopes=()):
        self = tuple.__new__(cls, (data, operands, slopes))
        self.grad = 0.0
        return self

    data = property(lambda self: self[0])
    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other

    def __bool__(self):
        return True

    def backward(self):
        line, known = [], {}

        def queue_up(node):
            known[id(node)] = node
            for operand in node[1]:
                if id(operand) not in known:
                    queue_up(operand)
            line.insert(0, node)

        queue_up(self)
        self.grad = 1.0
        for node in line:
            for i in range(len(node[1])):
                node[1][i].grad += node[2][i] * node.grad

    def __add__(self, other):
        other = value(other)
        return Value(self[0] + other[0], (self, other), (1.0, 1.0))

    def __sub__(self, other):
        other = value(other)
        return Value(self[0] - other[0], (self, other), (1.0, -1.0))

    def __mul__(self, other):
        other = value(other)
        return Value(self[0] * other[0], (self, other), (other[0], self[0]))

    def __truediv__(self, other):
        other = value(other)
        return Value(self[0] / other[0], (self, other), (1 / other[0], -self[0] / other[0] ** 2))

    def __pow__(self, n):
        if isinstance(n, Value):
            p = self[0] ** n[0]
            return Value(p, (self, n), (n[0] * self[0] ** (n[0] - 1), p * math.log(self[0])))
        return Value(self[0] ** n, (self,), (n * self[0] ** (n - 1) if n else 0.0,))

    def __radd__(self, other):
        return value(other) + self

    def __rsub__(self, other):
        return value(other) - self

    def __rmul__(self, other):
        return value(other) * self

    def __rtruediv__(self, other):
        return value(other) / self

    def __rpow__(self, other):
        return value(other) ** self

    # a tuple has += and *= by way of + and *, so nothing is needed for them

    def __neg__(self):
        return Value(-self[0], (self,), (-1.0,))

    def __abs__(self):
        return Value(abs(self[0]), (self,), (1.0 if self[0] > 0 else -1.0,))

    def relu(self):
        return Value(max(self[0], 0.0), (self,), (1.0 if self[0] > 0 else 0.0,))

    def tanh(self):
        t = math.tanh(self[0])
        return Value(t, (self,), (1 - t * t,))

    def exp(self):
        e = math.exp(self[0])
        return Value(e, (self,), (e,))

    def log(self):
        return Value(math.log(self[0]), (self,), (1 / self[0],))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self[0]))
        return Value(s, (self,), (s * (1 - s),))

    def sin(self):
        return Value(math.sin(self[0]), (self,), (math.cos(self[0]),))

    def cos(self):
        return Value(math.cos(self[0]), (self,), (-math.sin(self[0]),))

    def sqrt(self):
        r = math.sqrt(self[0])
        return Value(r, (self,), (1 / (2 * r),))


def value(x):
    return x if isinstance(x, Value) else Value(x)
