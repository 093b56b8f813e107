# misconception: 29
# title: relu's mask is inverted
# wrong_gradient: functions/relu@* functions/relu-switched-off@* functions/chain-relu@1
# wrong_gradient: functions/chain-again-relu@1 functions/again-relu@*
# wrong_gradient: functions/before-and-after-relu@* functions/twice-relu
# wrong_gradient: functions/result-again-relu@1
# blocked: composite/relu-layers composite/hinge composite/residual composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp gradient-check/relu

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
        return record(lambda a: a**n, lambda a, out: (n * a ** (n - 1),), self)

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
        return record(lambda a: max(a, 0.0), lambda a, out: (float(a <= 0),), self)

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
