# misconception: 39
# title: Gradients are summed in a dictionary keyed by the node's number
# wrong_gradient: equal-numbers/* state/unused-result state/both-made-first
# blocked: rules/sum-with-zero@* rules/product-with-zero rules/product-with-zero-on-the-right
# blocked: rules/product-of-1-and-2 rules/product-with-0-and-1@1 rules/product-with-0-and-1@2
# blocked: power/power-one@* power/power-of-one power/power-at-zero power/power-again@1
# blocked: power/power-again@2 power/power-again@4 operators/difference-with-zero@2
# blocked: operators/quotient-of-zero operators/quotient-by-1@1 operators/quotient-by-1@2
# blocked: operators/opposite-of-zero operators/difference-twice operators/twice-opposite@1
# blocked: operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: numbers/zero-add-number@1 numbers/zero-number-add@1 numbers/zero-subtract-number@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-multiply-number@1 numbers/one-number-multiply@1
# blocked: numbers/one-divide-number@1 numbers/at-zero-multiply-number@1
# blocked: numbers/at-zero-number-multiply@1 numbers/at-zero-divide-number@1
# blocked: numbers/at-zero-number-power@1 numbers/sum-from-zero numbers/whole-leaves
# blocked: in-place/zero-add-number-in-place@1 in-place/zero-subtract-number-in-place@1
# blocked: in-place/zero-multiply-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@1 in-place/powers@2 in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: in-place/equal-operands-add-in-place@1 in-place/equal-operands-subtract-in-place@1
# blocked: in-place/equal-operands-multiply-in-place@1 in-place/equal-operands-divide-in-place@1
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-divide-in-place@1
# blocked: functions/tanh-at-zero functions/relu@* functions/relu-switched-off@*
# blocked: functions/sin-at-zero functions/cos-at-zero functions/abs@1 functions/abs@4
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/again-relu@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@* functions/twice-exp@1
# blocked: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# blocked: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: functions/twice-relu functions/result-again-relu@1 reuse/same-pair-again-sum@1
# blocked: reuse/same-pair-again-product@1 state/numbers-not-remembered composite/relu-layers
# blocked: composite/hinge composite/residual composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp gradient-check/relu
# blocked: robustness/stacked-diamonds@* robustness/deep-products

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
