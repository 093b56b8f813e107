# style: what is computed in a with block is recorded, and the tape is asked for gradients
# design: number, inputs to the running tape / steps of a with block, from the end / dictionary by
#   id, returned for sources
"""Like tf.GradientTape:

    with GradientTape() as tape:
        loss = (w * x - t) ** 2
    dw, = tape.gradient(loss, [w])
"""
import math


class GradientTape:
    running = None

    def __enter__(self):
        self.steps = []
        GradientTape.running = self
        return self

    def __exit__(self, *exc_info):
        GradientTape.running = None

    def gradient(self, target, sources):
        adjoints = {id(target): 1.0}
        for out, inputs in reversed(self.steps):
            upstream = adjoints.get(id(out), 0.0)
            for x, slope in inputs:
                adjoints[id(x)] = adjoints.get(id(x), 0.0) + slope * upstream
        return [adjoints.get(id(x)) for x in sources]


class Value:
    def __init__(self, data, *inputs):
        self.data = data
        if GradientTape.running is not None:
            GradientTape.running.steps.append((self, inputs))

    def __add__(self, other):
        other = value(other)
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = value(other)
        return Value(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = value(other)
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = value(other)
        a, b = self.data, other.data
        return Value(a / b, (self, 1 / b), (other, -a / b / b))

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        return Value(self.data**n, (self, n * self.data ** (n - 1) if n else 0.0))

    def __radd__(self, other):
        return value(other) + self

    def __rsub__(self, other):
        return value(other) - self

    def __rmul__(self, other):
        return value(other) * self

    def __rtruediv__(self, other):
        return value(other) / self

    def __rpow__(self, base):
        return (self * math.log(base)).exp()

    def __neg__(self):
        return Value(-self.data, (self, -1.0))

    def __abs__(self):
        return Value(abs(self.data), (self, math.copysign(1.0, self.data)))

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, (self, 1 - y * y))

    def exp(self):
        y = math.exp(self.data)
        return Value(y, (self, y))

    def log(self):
        return Value(math.log(self.data), (self, 1 / self.data))

    def relu(self):
        return Value(max(self.data, 0.0), (self, float(self.data > 0)))

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.data))
        return Value(y, (self, y * (1 - y)))

    def sin(self):
        return Value(math.sin(self.data), (self, math.cos(self.data)))

    def cos(self):
        return Value(math.cos(self.data), (self, -math.sin(self.data)))

    def sqrt(self):
        y = math.sqrt(self.data)
        return Value(y, (self, 0.5 / y))


def value(x):
    return x if isinstance(x, Value) else Value(x)


with GradientTape() as tape:
    w, x = Value(3.0), Value(2.0)
    loss = (w * x - 1) ** 2
print(tape.gradient(loss, [w, x]))
