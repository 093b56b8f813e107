# style: one Wengert list for the whole program, walked backwards from the output's own entry
# design: number, parents by index, entry of a global list / global list, from the index down /
#   dictionary by index, added to grad
"""
Assignment 1 - reverse mode AD with a tape (Wengert list).

Every variable writes one line on the tape: which lines it came from, and the local derivatives.
The tape is never cleared; backward() only looks at lines up to its own, and at an adjoint of its
own, so graphs made before don't disturb it.
"""
import math


class Var:
    tape = []  # (node, ((index of operand, local derivative), ...))

    def __init__(self, value, _parents=()):
        self.value = value
        self.grad = 0.0
        self.index = len(Var.tape)
        Var.tape.append((self, tuple(_parents)))

    @staticmethod
    def _index_and_value(x):
        # plain numbers need no line on the tape
        if isinstance(x, Var):
            return x.index, x.value
        return None, x

    @classmethod
    def _record(cls, value, *parents):
        return cls(value, [(i, d) for i, d in parents if i is not None])

    def __add__(self, other):
        j, b = self._index_and_value(other)
        return Var._record(self.value + b, (self.index, 1.0), (j, 1.0))

    def __sub__(self, other):
        j, b = self._index_and_value(other)
        return Var._record(self.value - b, (self.index, 1.0), (j, -1.0))

    def __mul__(self, other):
        j, b = self._index_and_value(other)
        return Var._record(self.value * b, (self.index, b), (j, self.value))

    def __truediv__(self, other):
        j, b = self._index_and_value(other)
        a = self.value
        return Var._record(a / b, (self.index, 1 / b), (j, -a / (b * b)))

    def __pow__(self, n):
        if isinstance(n, Var):
            out = self.value ** n.value
            return Var._record(out, (self.index, n.value * self.value ** (n.value - 1)),
                               (n.index, out * math.log(self.value)))
        slope = n * self.value ** (n - 1) if n != 0 else 0.0
        return Var._record(self.value ** n, (self.index, slope))

    def __neg__(self):
        return Var._record(-self.value, (self.index, -1.0))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, c):
        return Var._record(c - self.value, (self.index, -1.0))

    def __rtruediv__(self, c):
        return Var._record(c / self.value, (self.index, -c / self.value ** 2))

    def __rpow__(self, c):
        out = c ** self.value
        return Var._record(out, (self.index, out * math.log(c)))

    def __abs__(self):
        return Var._record(abs(self.value), (self.index, math.copysign(1.0, self.value)))

    def tanh(self):
        t = math.tanh(self.value)
        return Var._record(t, (self.index, 1 - t ** 2))

    def exp(self):
        e = math.exp(self.value)
        return Var._record(e, (self.index, e))

    def log(self):
        return Var._record(math.log(self.value), (self.index, 1 / self.value))

    def relu(self):
        return Var._record(max(self.value, 0.0), (self.index, 1.0 if self.value >= 0 else 0.0))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.value))
        return Var._record(s, (self.index, s * (1 - s)))

    def sin(self):
        return Var._record(math.sin(self.value), (self.index, math.cos(self.value)))

    def cos(self):
        return Var._record(math.cos(self.value), (self.index, -math.sin(self.value)))

    def sqrt(self):
        r = math.sqrt(self.value)
        return Var._record(r, (self.index, 1 / (2 * r)))

    def backward(self):
        adjoint = {self.index: 1.0}
        for i in range(self.index, -1, -1):
            if i not in adjoint:
                continue
            node, parents = Var.tape[i]
            node.grad += adjoint[i]
            for j, d in parents:
                adjoint[j] = adjoint.get(j, 0.0) + d * adjoint[i]
