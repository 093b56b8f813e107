# misconception: 26
# title: Quotient rule: the divisor's square root where its square is due
# wrong_gradient: operators/quotient@* operators/chain-quotient@1 operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/before-and-after-both-quotient@1
# wrong_gradient: operators/pairs-quotient@1 operators/equal-operands-quotient@1
# wrong_gradient: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-quotient@1
# wrong_gradient: operators/results-again-quotient@1
# blocked: numbers/number-divide@* numbers/one-number-divide@1 numbers/chain-number-divide@1
# blocked: numbers/twice-number-divide numbers/minus-one-number-divide@1
# blocked: numbers/again-number-divide@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-number-divide@1 numbers/whole-quotient
# blocked: numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/equal-operands-divide-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-both-divide-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 composite/rational composite/softmax
# blocked: composite/hinge composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/growth composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic random/graph-5 random/graph-6 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/numbers

"""Every result is written on a tape; retropropager reads the tape from its end."""
import math

tape = []


class Nombre:
    def __init__(self, valeur):
        self.valeur = valeur
        self.pente = 0.0

    def __add__(self, other):
        return record(lambda a, b: a + b, lambda a, b, out: (1, 1), self, other)

    def __sub__(self, other):
        return record(lambda a, b: a - b, lambda a, b, out: (1, -1), self, other)

    def __mul__(self, other):
        return record(lambda a, b: a * b, lambda a, b, out: (b, a), self, other)

    def __truediv__(self, other):
        return record(lambda a, b: a / b, lambda a, b, out: (1 / b, -a / abs(b) ** 0.5), self, other)

    def __pow__(self, n):
        return record(lambda a: a**n, lambda a, out: (n * a ** (n - 1),), self)

    def __radd__(self, other):
        return Nombre(other) + self

    def __rsub__(self, other):
        return Nombre(other) - self

    def __rmul__(self, other):
        return Nombre(other) * self

    def __rtruediv__(self, other):
        return Nombre(other) / self

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

    def retropropager(self):
        flow = {id(self): 1.0}
        for out, inputs, locals_ in reversed(tape):
            g = flow.get(id(out), 0.0)
            for x, local in zip(inputs, locals_):
                flow[id(x)] = flow.get(id(x), 0.0) + local * g
        nodes = {id(n): n for out, inputs, _ in tape for n in (*inputs, out)}
        for node in (nodes | {id(self): self}).values():
            node.pente += flow.get(id(node), 0.0)


def record(forward, derivative, *operands):
    inputs = [x if isinstance(x, Nombre) else Nombre(x) for x in operands]
    numbers = [x.valeur for x in inputs]
    out = Nombre(forward(*numbers))
    tape.append((out, inputs, derivative(*numbers, out.valeur)))
    return out
