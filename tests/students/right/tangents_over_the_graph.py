# style: the graph is recorded, but derivatives run forwards through it: one sweep for each node
# design: number, tuple of terms / recursive order, one sweep forwards for each node / sum of
#   tangents at the output
"""No adjoints anywhere. For every node v of the graph, put dv = 1, sweep forwards to the output, and write
down what arrives. Slow (nodes squared), simple, and right."""

import math


class Value:
    def __init__(self, data, terms=()):
        self.data = data
        self.terms = tuple(terms)
        self.grad = 0.0

    def recorded(self):
        """The graph of the node in an order in which operands come first."""
        order, seen = [], set()

        def record(node):
            if node in seen:
                return
            seen.add(node)
            [record(operand) for operand, _ in node.terms]
            order.append(node)

        record(self)
        return order

    def backward(self):
        order = self.recorded()
        for start, seed in enumerate(order):
            tangent = {seed: 1.0}
            for node in order[start + 1 :]:
                sweep = [slope * tangent[operand] for operand, slope in node.terms if operand in tangent]
                if sweep:
                    tangent[node] = sum(sweep)
            seed.grad += tangent.get(self, 0.0)

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, [(self, 1), (other, 1)])
        return Value(self.data + other, [(self, 1)])

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, Value):
            return Value(self.data - other.data, [(self, 1), (other, -1)])
        return Value(self.data - other, [(self, 1)])

    def __rsub__(self, other):
        return Value(other - self.data, [(self, -1)])

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        return Value(self.data * other, [(self, other)])

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, Value):
            ratio = self.data / other.data
            return Value(ratio, [(self, 1 / other.data), (other, -ratio / other.data)])
        return Value(self.data / other, [(self, 1 / other)])

    def __rtruediv__(self, other):
        ratio = other / self.data
        return Value(ratio, [(self, -ratio / self.data)])

    def __pow__(self, other):
        if isinstance(other, Value):
            p = math.pow(self.data, other.data)
            by_base = other.data * math.pow(self.data, other.data - 1)
            return Value(p, [(self, by_base), (other, p * math.log(self.data))])
        if other == 0:
            return Value(1.0, [(self, 0.0)])
        return Value(math.pow(self.data, other), [(self, other * math.pow(self.data, other - 1))])

    def __rpow__(self, other):
        p = math.pow(other, self.data)
        return Value(p, [(self, p * math.log(other))])

    def __neg__(self):
        return Value(-self.data, [(self, -1)])

    def __abs__(self):
        return Value(math.fabs(self.data), [(self, math.copysign(1, self.data))])

    def relu(self):
        if self.data > 0:
            return Value(self.data, [(self, 1)])
        return Value(0.0, [(self, 0)])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, [(self, s * (1 - s))])

    def sin(self):
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self):
        return Value(math.cos(self.data), [(self, -math.sin(self.data))])

    def sqrt(self):
        r = math.sqrt(self.data)
        return Value(r, [(self, 1 / (2 * r))])
