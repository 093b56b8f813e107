# misconception: 24
# title: The power rule as for a square: 2 * x for every n
# wrong_gradient: power/power@2 power/power@3 power/power@4 power/power-twice@2 power/power-twice@3
# wrong_gradient: power/power-twice@4 power/power-twice@5 power/power-twice@6 power/power-one@*
# wrong_gradient: power/power-of-one power/power-zero power/power-of-a-negative-number@2
# wrong_gradient: power/power-again@1 power/power-again@2 power/power-again@4 power/power-again@5
# wrong_gradient: power/constant-times-power@* power/chain-of-power@* power/chain-of-powers@*
# wrong_gradient: power/two-powers power/again-power@1 power/before-and-after-power@1
# wrong_gradient: power/twice-power power/result-again-power@1
# blocked: in-place/alone-with-power-number-in-place@* in-place/zero-power-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@2 in-place/powers@4
# blocked: in-place/chain-with-power-number-in-place@1 in-place/twice-power-in-place
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 composite/polynomial composite/rational
# blocked: composite/hinge composite/decay composite/log-ratio composite/smooth-distance
# blocked: composite/growth composite/reciprocals composite/odds composite/potential
# blocked: composite/harmonic random/graph-3 random/graph-4 random/graph-5 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/powers

"""Every result is written on a tape; backward reads the tape from its end."""
import math

tape = []


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def __add__(self, other):
        return record(lambda a, b: a + b, lambda a, b, out: (1, 1), self, other)

    def __sub__(self, other):
        return record(lambda a, b: a - b, lambda a, b, out: (1, -1), self, other)

    def __mul__(self, other):
        return record(lambda a, b: a * b, lambda a, b, out: (b, a), self, other)

    def __truediv__(self, other):
        return record(lambda a, b: a / b, lambda a, b, out: (1 / b, -a / (b * b)), self, other)

    def __pow__(self, n):
        return record(lambda a: a**n, lambda a, out: (2 * a,), self)

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, c):
        return record(lambda a: c**a, lambda a, out: (out * math.log(c),), self)

    def __neg__(self):
        return record(lambda a: -a, lambda a, out: (-1,), self)

    def __abs__(self):
        return record(abs, lambda a, out: (a / abs(a),), self)

    def tanh(self):
        return record(math.tanh, lambda a, out: (1 - out**2,), self)

    def exp(self):
        return record(math.exp, lambda a, out: (out,), self)

    def log(self):
        return record(math.log, lambda a, out: (1 / a,), self)

    def relu(self):
        return record(lambda a: max(a, 0.0), lambda a, out: (float(a > 0),), self)

    def sigmoid(self):
        return record(
            lambda a: (1 + math.tanh(a / 2)) / 2, lambda a, out: (out * (1 - out),), self
        )

    def sin(self):
        return record(math.sin, lambda a, out: (math.cos(a),), self)

    def cos(self):
        return record(math.cos, lambda a, out: (-math.sin(a),), self)

    def sqrt(self):
        return record(math.sqrt, lambda a, out: (0.5 / out,), self)

    def backward(self):
        flow = {id(self): 1.0}
        for out, inputs, locals_ in reversed(tape):
            g = flow.get(id(out), 0.0)
            for x, local in zip(inputs, locals_):
                flow[id(x)] = flow.get(id(x), 0.0) + local * g
        nodes = {id(n): n for out, inputs, _ in tape for n in (*inputs, out)}
        for node in (nodes | {id(self): self}).values():
            node.grad += flow.get(id(node), 0.0)


def record(forward, derivative, *operands):
    inputs = [x if isinstance(x, Value) else Value(x) for x in operands]
    numbers = [x.data for x in inputs]
    out = Value(forward(*numbers))
    tape.append((out, inputs, derivative(*numbers, out.data)))
    return out
