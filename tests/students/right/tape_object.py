# style: one Tape object records, and is asked for the backward pass: tape.backward(loss)
# design: value, name; records on a tape object / records of the tape, from the end / dictionary by
#   node, assigned to gradient at the end
"""A GradientTape, more or less. Everything computed is recorded on `tape`; tape.backward(loss) plays
it from the end, and skips what loss does not depend on."""
import math


class Record:
    def __init__(self, output, inputs, partials):
        self.output = output
        self.inputs = inputs
        self.partials = partials


class Tape:
    def __init__(self):
        self.records = []

    def record(self, value, inputs, partials):
        output = Variable(value)
        self.records.append(Record(output, inputs, partials))
        return output

    def backward(self, loss):
        gradients = {loss: 1.0}
        for record in reversed(self.records):
            if record.output not in gradients:
                continue
            g = gradients[record.output]
            for variable, partial in zip(record.inputs, record.partials):
                gradients[variable] = gradients.get(variable, 0.0) + partial * g
        for variable, g in gradients.items():
            variable.gradient = g

    def reset(self):
        self.records.clear()


tape = Tape()


class Variable:
    def __init__(self, value, name=None):
        self.value = value
        self.name = name
        self.gradient = 0.0

    @staticmethod
    def convert(x):
        return x if isinstance(x, Variable) else Variable(x, "constant")

    def __add__(self, other):
        other = self.convert(other)
        return tape.record(self.value + other.value, [self, other], [1.0, 1.0])

    def __sub__(self, other):
        other = self.convert(other)
        return tape.record(self.value - other.value, [self, other], [1.0, -1.0])

    def __mul__(self, other):
        other = self.convert(other)
        return tape.record(self.value * other.value, [self, other], [other.value, self.value])

    def __truediv__(self, other):
        other = self.convert(other)
        a, b = self.value, other.value
        return tape.record(a / b, [self, other], [1 / b, -a / b**2])

    def __pow__(self, n):
        if isinstance(n, Variable):
            return (n * self.log()).exp()
        slope = n * self.value ** (n - 1) if n else 0.0
        return tape.record(self.value**n, [self], [slope])

    def __radd__(self, other):
        return self.convert(other) + self

    def __rsub__(self, other):
        return self.convert(other) - self

    def __rmul__(self, other):
        return self.convert(other) * self

    def __rtruediv__(self, other):
        return self.convert(other) / self

    def __rpow__(self, base):
        y = base**self.value
        return tape.record(y, [self], [y * math.log(base)])

    def __neg__(self):
        return tape.record(-self.value, [self], [-1.0])

    def __abs__(self):
        return tape.record(abs(self.value), [self], [math.copysign(1.0, self.value)])

    def tanh(self):
        y = math.tanh(self.value)
        return tape.record(y, [self], [1 - y * y])

    def exp(self):
        y = math.exp(self.value)
        return tape.record(y, [self], [y])

    def log(self):
        return tape.record(math.log(self.value), [self], [1 / self.value])

    def relu(self):
        return tape.record(max(self.value, 0.0), [self], [float(self.value > 0)])

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.value))
        return tape.record(y, [self], [y * (1 - y)])

    def sin(self):
        return tape.record(math.sin(self.value), [self], [math.cos(self.value)])

    def cos(self):
        return tape.record(math.cos(self.value), [self], [-math.sin(self.value)])

    def sqrt(self):
        y = math.sqrt(self.value)
        return tape.record(y, [self], [0.5 / y])
