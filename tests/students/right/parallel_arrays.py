# style: a node is a row number; data, gradients, parents and slopes are parallel arrays
# design: row number of typed arrays / rows from the last down to the first / typed array of flows
"""Structure of arrays, as one would do it for speed. A Value is just an index into the table."""
from array import array
import math

DATA = array("d")
GRAD = array("d")
LEFT = array("q")       # row of the first operand, or -1
RIGHT = array("q")
BY_LEFT = array("d")    # derivative by it
BY_RIGHT = array("d")


def row(data, left=-1, by_left=0.0, right=-1, by_right=0.0):
    DATA.append(data)
    GRAD.append(0.0)
    LEFT.append(left)
    RIGHT.append(right)
    BY_LEFT.append(by_left)
    BY_RIGHT.append(by_right)
    return len(DATA) - 1


class Value:
    __slots__ = ("row",)

    def __init__(self, data):
        self.row = row(data)

    @classmethod
    def at(cls, number):
        value = cls.__new__(cls)
        value.row = number
        return value

    @property
    def data(self):
        return DATA[self.row]

    @property
    def grad(self):
        return GRAD[self.row]

    @grad.setter
    def grad(self, number):
        GRAD[self.row] = number

    def backward(self):
        last = self.row
        flow = array("d", bytes(8 * (last + 1)))
        flow[last] = 1.0
        for i in range(last, -1, -1):
            g = flow[i]
            if g:
                GRAD[i] += g
                if LEFT[i] >= 0:
                    flow[LEFT[i]] += BY_LEFT[i] * g
                if RIGHT[i] >= 0:
                    flow[RIGHT[i]] += BY_RIGHT[i] * g

    def _one(self, data, slope):
        return Value.at(row(data, self.row, slope))

    def _two(self, other, data, mine, its):
        return Value.at(row(data, self.row, mine, other.row, its))

    def __add__(self, o):
        if not isinstance(o, Value):
            return self._one(self.data + o, 1.0)
        return self._two(o, self.data + o.data, 1.0, 1.0)

    def __sub__(self, o):
        if not isinstance(o, Value):
            return self._one(self.data - o, 1.0)
        return self._two(o, self.data - o.data, 1.0, -1.0)

    def __mul__(self, o):
        if not isinstance(o, Value):
            return self._one(self.data * o, o)
        return self._two(o, self.data * o.data, o.data, self.data)

    def __truediv__(self, o):
        if not isinstance(o, Value):
            return self._one(self.data / o, 1 / o)
        return self._two(o, self.data / o.data, 1 / o.data, -self.data / (o.data * o.data))

    def __pow__(self, o):
        if not isinstance(o, Value):
            return self._one(self.data ** o, o * self.data ** (o - 1) if o else 0.0)
        p = self.data ** o.data
        return self._two(o, p, o.data * self.data ** (o.data - 1), p * math.log(self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, o):
        return self._one(o - self.data, -1.0)

    def __rtruediv__(self, o):
        return self._one(o / self.data, -o / (self.data * self.data))

    def __rpow__(self, o):
        p = o ** self.data
        return self._one(p, p * math.log(o))

    def __neg__(self):
        return self._one(-self.data, -1.0)

    def __abs__(self):
        return self._one(abs(self.data), 1.0 if self.data > 0 else -1.0)

    def tanh(self):
        t = math.tanh(self.data)
        return self._one(t, (1 - t) * (1 + t))

    def exp(self):
        e = math.exp(self.data)
        return self._one(e, e)

    def log(self):
        return self._one(math.log(self.data), 1 / self.data)

    def relu(self):
        on = self.data > 0
        return self._one(self.data if on else 0.0, float(on))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._one(s, s * (1 - s))

    def sin(self):
        return self._one(math.sin(self.data), math.cos(self.data))

    def cos(self):
        return self._one(math.cos(self.data), -math.sin(self.data))

    def sqrt(self):
        r = math.sqrt(self.data)
        return self._one(r, 0.5 / r)
