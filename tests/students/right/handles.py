# style: data-oriented: all numbers live in flat arrays, a Value is only an index into them
# design: index into flat lists / rows from the index down, until nothing flows / dictionary by row,
#   popped into a list
"""No objects in the graph. Node number i has its number in DATA[i], its gradient in GRAD[i], and up to
two operands in LEFT[i], RIGHT[i] with the local derivatives in DL[i], DR[i]. -1 means none."""

import math
from array import array

DATA, GRAD = array("d"), array("d")
LEFT, RIGHT = array("q"), array("q")
DL, DR = array("d"), array("d")


def new(data, left=-1, dl=0.0, right=-1, dr=0.0):
    DATA.append(data)
    GRAD.append(0.0)
    LEFT.append(left)
    RIGHT.append(right)
    DL.append(dl)
    DR.append(dr)
    return len(DATA) - 1


class Value:
    __slots__ = ("i",)

    def __init__(self, data):
        self.i = new(data)

    @classmethod
    def at(cls, i):
        value = cls.__new__(cls)
        value.i = i
        return value

    data = property(lambda self: DATA[self.i])
    grad = property(lambda self: GRAD[self.i])

    def zero_grad(self):
        GRAD[self.i] = 0.0

    def __repr__(self):
        return f"Value #{self.i}: {self.data}"

    def __add__(self, o):
        if isinstance(o, Value):
            return Value.at(new(self.data + o.data, self.i, 1.0, o.i, 1.0))
        return Value.at(new(self.data + o, self.i, 1.0))

    def __mul__(self, o):
        if isinstance(o, Value):
            return Value.at(new(self.data * o.data, self.i, o.data, o.i, self.data))
        return Value.at(new(self.data * o, self.i, o))

    def __sub__(self, o):
        if isinstance(o, Value):
            return Value.at(new(self.data - o.data, self.i, 1.0, o.i, -1.0))
        return Value.at(new(self.data - o, self.i, 1.0))

    def __truediv__(self, o):
        if isinstance(o, Value):
            q = self.data / o.data
            return Value.at(new(q, self.i, 1.0 / o.data, o.i, -q / o.data))
        return Value.at(new(self.data / o, self.i, 1.0 / o))

    def __pow__(self, n):
        x = self.data
        if isinstance(n, Value):
            p = x**n.data
            return Value.at(new(p, self.i, n.data * x ** (n.data - 1), n.i, p * math.log(x)))
        return Value.at(new(x**n, self.i, n * x ** (n - 1) if n != 0 else 0.0))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, o):
        return Value.at(new(o - self.data, self.i, -1.0))

    def __rtruediv__(self, o):
        return Value.at(new(o / self.data, self.i, -o / self.data**2))

    def __rpow__(self, o):
        p = o**self.data
        return Value.at(new(p, self.i, p * math.log(o)))

    def __neg__(self):
        return Value.at(new(-self.data, self.i, -1.0))

    def __abs__(self):
        return Value.at(new(abs(self.data), self.i, math.copysign(1.0, self.data)))

    def tanh(self):
        t = math.tanh(self.data)
        return Value.at(new(t, self.i, 1.0 - t * t))

    def exp(self):
        e = math.exp(self.data)
        return Value.at(new(e, self.i, e))

    def log(self):
        return Value.at(new(math.log(self.data), self.i, 1.0 / self.data))

    def relu(self):
        return Value.at(new(max(self.data, 0.0), self.i, float(self.data > 0.0)))

    def sigmoid(self):
        s = 1.0 / (1.0 + math.exp(-self.data))
        return Value.at(new(s, self.i, s * (1.0 - s)))

    def sin(self):
        return Value.at(new(math.sin(self.data), self.i, math.cos(self.data)))

    def cos(self):
        return Value.at(new(math.cos(self.data), self.i, -math.sin(self.data)))

    def sqrt(self):
        r = math.sqrt(self.data)
        return Value.at(new(r, self.i, 0.5 / r))

    def backward(self):
        """The indices are a topological order already. Gradients add up over several calls."""
        flow = {self.i: 1.0}
        for i in range(self.i, -1, -1):
            g = flow.pop(i, None)
            if g is None:
                continue
            GRAD[i] += g
            for operand, slope in ((LEFT[i], DL[i]), (RIGHT[i], DR[i])):
                if operand >= 0:
                    flow[operand] = flow.get(operand, 0.0) + slope * g
            if not flow:
                break
