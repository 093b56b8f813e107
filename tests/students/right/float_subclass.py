# style: a Var is a float that remembers where it comes from
# design: subclass of float, sources / recursive, ids, skips plain floats, reversed / += on an
#   attribute of the float
"""If it quacks like a float, let it be a float: prints, compares and formats by itself.

Careful: as floats, two Vars of 3.0 are equal and have the same hash, so sets and dictionaries of
Vars would mix them up. Everything below goes by id().
"""
import math


class Var(float):
    def __new__(cls, value, sources=()):
        self = super().__new__(cls, value)
        self.sources = sources
        self.gradient = 0.0
        return self

    @property
    def value(self):
        return float.__pos__(self)

    def __repr__(self):
        return f"Var({float.__repr__(self)})"

    def __add__(self, other):
        return Var(float(self) + float(other), ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        return Var(float(self) - float(other), ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        return Var(float(self) * float(other), ((self, float(other)), (other, float(self))))

    def __truediv__(self, other):
        a, b = float(self), float(other)
        return Var(a / b, ((self, 1.0 / b), (other, -a / (b * b))))

    def __pow__(self, other, modulo=None):
        a, b = float(self), float(other)
        sources = ((self, b * a ** (b - 1.0) if b else 0.0),)
        if isinstance(other, Var):
            sources += ((other, math.log(a) * a**b),)
        return Var(a**b, sources)

    def __neg__(self):
        return Var(-float(self), ((self, -1.0),))

    def __abs__(self):
        return Var(abs(float(self)), ((self, math.copysign(1.0, self)),))

    def __radd__(self, other):
        return Var(other) + self

    def __rsub__(self, other):
        return Var(other) - self

    def __rmul__(self, other):
        return Var(other) * self

    def __rtruediv__(self, other):
        return Var(other) / self

    def __rpow__(self, other):
        return Var(other) ** self

    def tanh(self):
        t = math.tanh(self)
        return Var(t, ((self, 1.0 - t * t),))

    def exp(self):
        return Var(math.exp(self), ((self, math.exp(self)),))

    def log(self):
        return Var(math.log(self), ((self, 1.0 / float(self)),))

    def relu(self):
        return Var(max(0.0, float(self)), ((self, 1.0 if self > 0 else 0.0),))

    def sigmoid(self):
        s = 1.0 / (1.0 + math.exp(-float(self)))
        return Var(s, ((self, s * (1.0 - s)),))

    def sin(self):
        return Var(math.sin(self), ((self, math.cos(self)),))

    def cos(self):
        return Var(math.cos(self), ((self, -math.sin(self)),))

    def sqrt(self):
        return Var(math.sqrt(self), ((self, 0.5 / math.sqrt(self)),))

    def backward(self):
        order, seen = [], set()

        def visit(var):
            if id(var) in seen or not isinstance(var, Var):
                return
            seen.add(id(var))
            for source, _ in var.sources:
                visit(source)
            order.append(var)

        visit(self)
        self.gradient = 1.0
        for var in reversed(order):
            for source, slope in var.sources:
                if isinstance(source, Var):
                    source.gradient += slope * var.gradient
