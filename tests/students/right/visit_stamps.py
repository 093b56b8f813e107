# style: no visited set: each pass has a number, and a node remembers the last pass that saw it
# design: number, parents, partials computed late / recursive method, number of the pass on nodes /
#   += of partials called in the pass
import math


class Value:
    passes = 0

    def __init__(self, data, parents=(), partials=None):
        self.data = data
        self.parents = parents
        self.partials = partials  # called in backward only; returns one number for each parent
        self.grad = 0.0
        self.seen_in = 0

    def backward(self):
        Value.passes += 1
        order = []
        self._visit(Value.passes, order)
        self.grad = 1.0
        for node in order[::-1]:
            if node.partials:
                for parent, partial in zip(node.parents, node.partials()):
                    parent.grad += node.grad * partial

    def _visit(self, number, order):
        self.seen_in = number
        for parent in self.parents:
            if parent.seen_in < number:
                parent._visit(number, order)
        order.append(self)

    def __add__(self, other):
        other = Value.ensure(other)
        return Value(self.data + other.data, (self, other), lambda: (1, 1))

    def __sub__(self, other):
        other = Value.ensure(other)
        return Value(self.data - other.data, (self, other), lambda: (1, -1))

    def __mul__(self, other):
        other = Value.ensure(other)
        return Value(self.data * other.data, (self, other), lambda: (other.data, self.data))

    def __truediv__(self, other):
        other = Value.ensure(other)
        a, b = self.data, other.data
        return Value(a / b, (self, other), lambda: (1 / b, -a / b**2))

    def __pow__(self, other):
        a = self.data
        if isinstance(other, Value):
            n = other.data
            return Value(a**n, (self, other), lambda: (n * a ** (n - 1), a**n * math.log(a)))
        return Value(a**other, (self,), lambda: (other * a ** (other - 1) if other else 0,))

    @classmethod
    def ensure(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __neg__(self):
        return Value(-self.data, (self,), lambda: (-1,))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return -self + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Value.ensure(other) / self

    def __rpow__(self, other):
        return Value.ensure(other) ** self

    def __abs__(self):
        return Value(abs(self.data), (self,), lambda: (1 if self.data > 0 else -1,))

    def relu(self):
        return Value(max(self.data, 0), (self,), lambda: (1 if self.data > 0 else 0,))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), lambda: (1 - t * t,))

    def exp(self):
        out = Value(math.exp(self.data), (self,), lambda: (out.data,))
        return out

    def log(self):
        return Value(math.log(self.data), (self,), lambda: (1 / self.data,))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), lambda: (s * (1 - s),))

    def sin(self):
        return Value(math.sin(self.data), (self,), lambda: (math.cos(self.data),))

    def cos(self):
        return Value(math.cos(self.data), (self,), lambda: (-math.sin(self.data),))

    def sqrt(self):
        out = Value(math.sqrt(self.data), (self,), lambda: (1 / (2 * out.data),))
        return out
