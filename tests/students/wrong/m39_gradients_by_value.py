# misconception: 39
# title: Gradients are summed in a dictionary keyed by the node's number
# wrong_value: training/line training/network
# wrong_gradient: rules/sum-with-zero@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/power-one@* rules/power-of-one rules/power-at-zero
# wrong_gradient: rules/tanh-at-zero operators/difference-with-zero@2 operators/quotient-of-zero
# wrong_gradient: operators/opposite-of-zero operators/add-zero operators/zero-add
# wrong_gradient: operators/subtract-zero operators/multiply-one operators/one-multiply
# wrong_gradient: operators/divide-one operators/sum-from-zero functions/relu@1 functions/relu@4
# wrong_gradient: functions/relu@5 functions/sin-at-zero functions/abs@1 reuse/same-function-twice
# wrong_gradient: reuse/equal-leaves-product reuse/equal-leaves-function
# wrong_gradient: reuse/equal-leaves-difference reuse/equal-leaves-quotient reuse/equal-leaves-sum
# wrong_gradient: reuse/equal-results-product reuse/equal-results-apart reuse/equal-leaf-and-result
# wrong_gradient: reuse/equal-along-a-chain state/unused-result state/both-made-first
# wrong_gradient: state/numbers-not-remembered robustness/stacked-diamonds@*
# wrong_gradient: robustness/deep-products
# blocked: functions/relu-in-a-chain@1 reuse/relu-reused order/relu-of-a-result
# blocked: composite/relu-layers gradient-check/relu

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
        flow = {self.data: 1.0}
        for out, inputs, locals_ in reversed(tape):
            g = flow.get(out.data, 0.0)
            for x, local in zip(inputs, locals_):
                flow[x.data] = flow.get(x.data, 0.0) + local * g
        self.grad = flow[self.data]
        for out, inputs, _ in tape:
            for node in (out, *inputs):
                node.grad = flow.get(node.data, 0.0)
        tape.clear()


def record(forward, derivative, *operands):
    inputs = [x if isinstance(x, Value) else Value(x) for x in operands]
    numbers = [x.data for x in inputs]
    out = Value(forward(*numbers))
    tape.append((out, inputs, derivative(*numbers, out.data)))
    return out
