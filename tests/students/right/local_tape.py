# style: a tape for each graph; two tapes become one when their variables meet
# design: number, inputs and slopes, tape joined from those of the inputs / tape sorted by serial
#   number / reset, then += with slopes in a list
"""Autodiff by tapes. A leaf opens a tape of its own, so nothing global has to be reset between
exercises. When a binary operation joins variables of two tapes, the shorter is glued to the longer.
Entries are in the order of making, except across a glue, hence the sort by serial number."""

from itertools import count
from math import copysign, cos, exp, log, sin, sqrt, tanh

serial = count()


class Tape:
    def __init__(self):
        self.variables = []

    def add(self, variable):
        self.variables.append(variable)
        variable.tape = self

    def absorb(self, other):
        for variable in other.variables:
            self.add(variable)


def join(tapes):
    longest = max(tapes, key=lambda tape: len(tape.variables))
    for tape in tapes:
        if tape is not longest:
            longest.absorb(tape)
    return longest


class Variable:
    def __init__(self, value, inputs=(), slopes=()):
        self.value = value
        self.gradient = 0.0
        self.inputs, self.slopes = list(inputs), list(slopes)
        self.serial = next(serial)
        tape = join([v.tape for v in self.inputs]) if self.inputs else Tape()
        tape.add(self)

    def __repr__(self):
        return "Variable(%r, gradient=%r)" % (self.value, self.gradient)

    def _to_variable(self, x):
        return x if isinstance(x, Variable) else Variable(x)

    def __add__(self, y):
        y = self._to_variable(y)
        return Variable(self.value + y.value, [self, y], [1, 1])

    def __radd__(self, x):
        return self._to_variable(x) + self

    def __sub__(self, y):
        y = self._to_variable(y)
        return Variable(self.value - y.value, [self, y], [1, -1])

    def __rsub__(self, x):
        return self._to_variable(x) - self

    def __mul__(self, y):
        y = self._to_variable(y)
        return Variable(self.value * y.value, [self, y], [y.value, self.value])

    def __rmul__(self, x):
        return self._to_variable(x) * self

    def __truediv__(self, y):
        y = self._to_variable(y)
        ratio = self.value / y.value
        return Variable(ratio, [self, y], [1 / y.value, -ratio / y.value])

    def __rtruediv__(self, x):
        return self._to_variable(x) / self

    def __neg__(self):
        return Variable(-self.value, [self], [-1])

    def __pow__(self, n):
        if isinstance(n, Variable):
            raise NotImplementedError("only numbers in the exponent, see __rpow__ for 2 ** x")
        return Variable(self.value**n, [self], [n * self.value ** (n - 1) if n else 0])

    def __rpow__(self, base):
        power = base**self.value
        return Variable(power, [self], [power * log(base)])

    def __abs__(self):
        return Variable(abs(self.value), [self], [copysign(1, self.value)])

    def tanh(self):
        t = tanh(self.value)
        return Variable(t, [self], [(1 - t) * (1 + t)])

    def exp(self):
        return Variable(exp(self.value), [self], [exp(self.value)])

    def log(self):
        return Variable(log(self.value), [self], [1 / self.value])

    def relu(self):
        return Variable(self.value * (self.value > 0), [self], [int(self.value > 0)])

    def sigmoid(self):
        s = 1 / (1 + exp(-self.value))
        return Variable(s, [self], [s * (1 - s)])

    def sin(self):
        return Variable(sin(self.value), [self], [cos(self.value)])

    def cos(self):
        return Variable(cos(self.value), [self], [-sin(self.value)])

    def sqrt(self):
        return Variable(sqrt(self.value), [self], [0.5 / sqrt(self.value)])

    def backward(self):
        """Clears every gradient on the tape first: the last call counts."""
        tape = sorted(self.tape.variables, key=lambda v: v.serial, reverse=True)
        for variable in tape:
            variable.gradient = 0.0
        self.gradient = 1.0
        for variable in tape:
            for operand, slope in zip(variable.inputs, variable.slopes):
                operand.gradient += slope * variable.gradient
