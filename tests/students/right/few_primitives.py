# style: five primitives with a derivative each; everything else is composed of them
# design: number, list of pairs or None / recursive, set of ids, inserts at the front / += on the
#   operand
"""The fewer rules, the fewer mistakes. Only add, mul, exp, log, sin and the power x ** c have a rule of
their own; all other operations are formulas on Values, so the engine differentiates them itself."""
import math


class Value(object):
    def __init__(self, data, graph=None):
        self.data = data
        self.grad = 0.0
        self.graph = graph or []

    # --- primitives ---

    def __add__(self, other):
        other = self.const(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = self.const(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def power(self, c):
        if c == 0:
            return self * 0 + 1
        return Value(self.data ** c, [(self, c * self.data ** (c - 1))])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, 1.0 / self.data)])

    def sin(self):
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    # --- and what follows from them ---

    def const(self, x):
        return x if isinstance(x, Value) else Value(x)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-self.const(other))

    def __truediv__(self, other):
        return self * self.const(other).power(-1)

    def __pow__(self, other):
        return (self.log() * other).exp() if isinstance(other, Value) else self.power(other)

    def __radd__(self, other):
        return self.const(other) + self

    def __rmul__(self, other):
        return self.const(other) * self

    def __rsub__(self, other):
        return self.const(other) - self

    def __rtruediv__(self, other):
        return self.const(other) / self

    def __rpow__(self, other):
        return (self * self.const(other).log()).exp()

    def cos(self):
        return (self + math.pi / 2).sin()

    def sqrt(self):
        return self.power(0.5)

    def sigmoid(self):
        return (self * 0.5).tanh() * 0.5 + 0.5

    def tanh(self):
        if self.data < 0:            # odd function, and the exponential stays small
            return -((-self).tanh())
        e = (self * -2).exp()
        return (1 - e) / (1 + e)

    def relu(self):
        return self * (1.0 if self.data > 0 else 0.0)

    def __abs__(self):
        return self * (1.0 if self.data > 0 else -1.0)

    def backward(self):
        topo, marked = [], set()
        def depth_first(v):
            marked.add(id(v))
            for u, _ in v.graph:
                if id(u) not in marked:
                    depth_first(u)
            topo.insert(0, v)
        depth_first(self)
        self.grad = 1.0
        for v in topo:
            for u, slope in v.graph:
                u.grad += v.grad * slope
