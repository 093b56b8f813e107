# style: a gradient is a cell (a list of one number) that closures share; results push in a deque's order
# design: number, arrows between cells / Kahn, counts kept in cells, deque / shared cell of one
#   number
"""What closures capture are cells, not nodes: (cell of the operand, slope). Nodes may be thrown away."""
from collections import deque
import math


class Cell(list):
    """[gradient], and who feeds on it."""

    def __init__(self):
        super().__init__([0.0])
        self.arrows = ()
        self.waiting = 0

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


class Value:
    def __init__(self, data, *arrows):
        self.data = data
        self.cell = Cell()
        self.cell.arrows = arrows

    @property
    def grad(self):
        return self.cell[0]

    def backward(self):
        start = self.cell
        cells = {start}
        line = deque([start])
        while line:
            for cell, _ in line.popleft().arrows:
                cell.waiting += 1
                if cell not in cells:
                    cells.add(cell)
                    line.append(cell)
        start[0] = 1.0
        line.append(start)
        while line:
            done = line.popleft()
            for cell, slope in done.arrows:
                cell[0] += slope * done[0]
                cell.waiting -= 1
                if not cell.waiting:
                    line.append(cell)

    def __add__(self, o):
        o = to(o)
        return Value(self.data + o.data, (self.cell, 1), (o.cell, 1))

    def __sub__(self, o):
        o = to(o)
        return Value(self.data - o.data, (self.cell, 1), (o.cell, -1))

    def __mul__(self, o):
        o = to(o)
        return Value(self.data * o.data, (self.cell, o.data), (o.cell, self.data))

    def __truediv__(self, o):
        o = to(o)
        return Value(self.data / o.data, (self.cell, 1 / o.data), (o.cell, -self.data / o.data ** 2))

    def __pow__(self, o):
        if isinstance(o, Value):
            p = self.data ** o.data
            return Value(p, (self.cell, o.data * self.data ** (o.data - 1)), (o.cell, p * math.log(self.data)))
        return Value(self.data ** o, (self.cell, o * self.data ** (o - 1) if o else 0))

    __radd__ = lambda self, o: to(o) + self
    __rsub__ = lambda self, o: to(o) - self
    __rmul__ = lambda self, o: to(o) * self
    __rtruediv__ = lambda self, o: to(o) / self
    __rpow__ = lambda self, o: to(o) ** self
    __neg__ = lambda self: Value(-self.data, (self.cell, -1))
    __abs__ = lambda self: Value(abs(self.data), (self.cell, self.data / abs(self.data) if self.data else 0))

    def relu(self):
        return Value(max(0, self.data), (self.cell, 1 if self.data > 0 else 0))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self.cell, 1 - t * t))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self.cell, e))

    def log(self):
        return Value(math.log(self.data), (self.cell, 1 / self.data))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self.cell, s * (1 - s)))

    def sin(self):
        return Value(math.sin(self.data), (self.cell, math.cos(self.data)))

    def cos(self):
        return Value(math.cos(self.data), (self.cell, -math.sin(self.data)))

    def sqrt(self):
        r = math.sqrt(self.data)
        return Value(r, (self.cell, 0.5 / r))


def to(x):
    return x if isinstance(x, Value) else Value(x)
