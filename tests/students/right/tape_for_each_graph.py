# style: Var(tape, x), with a new Tape for each graph: backward goes over all of its rows
# design: tape and number, inputs and slopes / rows of the tape from the node's row down / += by zip
#   over rows
"""Reverse mode on a tape that the caller makes.

    tape = Tape()
    x, y = tape.var(3.0), tape.var(4.0)
    z = x * y
    z.backward()
"""
import math


class Tape:
    def __init__(self):
        self.rows = []

    def var(self, x):
        return Var(self, x)


class Var:
    def __init__(self, tape, data, inputs=(), slopes=()):
        self.tape = tape
        self.data = data
        self.grad = 0.0
        self.inputs, self.slopes = inputs, slopes
        self.row = len(tape.rows)
        tape.rows.append(self)

    def backward(self):
        self.grad = 1.0
        for var in self.tape.rows[self.row :: -1]:
            for x, slope in zip(var.inputs, var.slopes):
                x.grad += slope * var.grad

    def _wrap(self, other):
        return other if isinstance(other, Var) else Var(self.tape, other)

    def _new(self, data, inputs, slopes):
        return Var(self.tape, data, inputs, slopes)

    def __add__(self, other):
        other = self._wrap(other)
        return self._new(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other):
        other = self._wrap(other)
        return self._new(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other):
        other = self._wrap(other)
        return self._new(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        other = self._wrap(other)
        q = self.data / other.data
        return self._new(q, (self, other), (1 / other.data, -q / other.data))

    def __pow__(self, n):
        if isinstance(n, Var):
            return (n * self.log()).exp()
        return self._new(self.data**n, (self,), (n * self.data ** (n - 1) if n else 0.0,))

    def __radd__(self, other):
        return self._wrap(other) + self

    def __rsub__(self, other):
        return self._wrap(other) - self

    def __rmul__(self, other):
        return self._wrap(other) * self

    def __rtruediv__(self, other):
        return self._wrap(other) / self

    def __rpow__(self, base):
        y = base**self.data
        return self._new(y, (self,), (y * math.log(base),))

    def __neg__(self):
        return self._new(-self.data, (self,), (-1.0,))

    def __abs__(self):
        return self._new(abs(self.data), (self,), (math.copysign(1.0, self.data),))

    def tanh(self):
        y = math.tanh(self.data)
        return self._new(y, (self,), (1 - y * y,))

    def exp(self):
        y = math.exp(self.data)
        return self._new(y, (self,), (y,))

    def log(self):
        return self._new(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        on = self.data > 0
        return self._new(self.data if on else 0.0, (self,), (float(on),))

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.data))
        return self._new(y, (self,), (y * (1 - y),))

    def sin(self):
        return self._new(math.sin(self.data), (self,), (math.cos(self.data),))

    def cos(self):
        return self._new(math.cos(self.data), (self,), (-math.sin(self.data),))

    def sqrt(self):
        y = math.sqrt(self.data)
        return self._new(y, (self,), (0.5 / y,))
