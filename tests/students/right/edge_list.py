# style: one global list of edges (result, operand, slope), read from its end; gradients in a defaultdict
# design: number alone / global list of edges, from the end / defaultdict by node, added to grad at
#   the end
"""A graph is a list of edges. Nothing else is stored in the nodes."""
from collections import defaultdict, namedtuple
import math

Edge = namedtuple("Edge", "result operand slope")
edges = []


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0

    def backward(self):
        arriving = defaultdict(float, {self: 1.0})
        for edge in reversed(edges):
            if edge.result in arriving:
                arriving[edge.operand] += edge.slope * arriving[edge.result]
        for node, total in arriving.items():
            node.grad += total

    def __repr__(self):
        return f"Value({self.data})"

    def __add__(self, other): return connect(val(self) + val(other), (self, 1), (other, 1))
    def __radd__(self, other): return connect(val(other) + val(self), (other, 1), (self, 1))
    def __sub__(self, other): return connect(val(self) - val(other), (self, 1), (other, -1))
    def __rsub__(self, other): return connect(val(other) - val(self), (self, -1))
    def __mul__(self, other): return connect(val(self) * val(other), (self, val(other)), (other, val(self)))
    def __rmul__(self, other): return connect(other * val(self), (self, other))

    def __truediv__(self, other):
        a, b = val(self), val(other)
        return connect(a / b, (self, 1 / b), (other, -a / b**2))

    def __rtruediv__(self, other):
        return connect(other / self.data, (self, -other / self.data**2))

    def __pow__(self, other):
        a, n = val(self), val(other)
        result = connect(a**n, (self, n * a ** (n - 1) if n else 0))
        if isinstance(other, Value):
            edges.append(Edge(result, other, a**n * math.log(a)))
        return result

    def __rpow__(self, base):
        p = base**self.data
        return connect(p, (self, p * math.log(base)))

    def __neg__(self): return connect(-self.data, (self, -1))
    def __abs__(self): return connect(abs(self.data), (self, 1 if self.data >= 0 else -1))
    def relu(self): return connect(max(self.data, 0), (self, 1 if self.data > 0 else 0))
    def exp(self): return connect(math.exp(self.data), (self, math.exp(self.data)))
    def log(self): return connect(math.log(self.data), (self, 1 / self.data))
    def sin(self): return connect(math.sin(self.data), (self, math.cos(self.data)))
    def cos(self): return connect(math.cos(self.data), (self, -math.sin(self.data)))
    def sqrt(self): return connect(math.sqrt(self.data), (self, 0.5 / math.sqrt(self.data)))
    def tanh(self): return connect(math.tanh(self.data), (self, 1 - math.tanh(self.data) ** 2))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return connect(s, (self, s * (1 - s)))


def val(x):
    return x.data if isinstance(x, Value) else x


def connect(number, *operands):
    result = Value(number)
    edges.extend(Edge(result, node, slope) for node, slope in operands if isinstance(node, Value))
    return result
