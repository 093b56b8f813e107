# misconception: 51
# title: Gradients are kept by the node's number in its graph, and from one graph to the next
# wrong_gradient: rules/definition rules/unrelated-constant rules/sum@* rules/sum-of-1-and-2
# wrong_gradient: rules/product@* rules/product-with-constant rules/power@* rules/power-zero
# wrong_gradient: rules/tanh@* operators/difference@* operators/quotient@* operators/opposite@*
# wrong_gradient: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# wrong_gradient: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@*
# wrong_gradient: functions/abs@*
# blocked: worked-example/inner rules/unrelated-value rules/sum-with-zero@* rules/sum-of-four
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/power-one@* rules/power-of-one rules/power-at-zero
# blocked: rules/constant-times-power@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/add-number@*
# blocked: operators/number-add@* operators/subtract-number@* operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/add-zero operators/zero-add operators/subtract-zero
# blocked: operators/zero-subtract operators/multiply-zero operators/zero-multiply
# blocked: operators/zero-divide operators/multiply-one operators/one-multiply operators/divide-one
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/add-in-place
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/power-in-place operators/cube-in-place operators/numbers-in-place
# blocked: operators/chain-in-place operators/in-place-and-again operators/in-place-after-use
# blocked: functions/tanh@* functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/* order/* state/* composite/*
# blocked: random/* gradient-check/product-and-sum gradient-check/numbers gradient-check/tanh
# blocked: gradient-check/exp gradient-check/log gradient-check/relu gradient-check/waves training/*
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/tanh-far-out@* robustness/sigmoid-far-out@*
# blocked: robustness/exp-large@2 robustness/large-and-small

"""Every result is written on a tape; backward reads the tape from its end."""
import math

tape = []
grads = {}


class Value:
    def __init__(self, data):
        self.data = data
        self.number = None

    @property
    def grad(self):
        return grads.get(self.number, 0.0)

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
        nodes = {id(n): n for out, inputs, _ in tape for n in (*inputs, out)}
        nodes[id(self)] = self
        for number, node in enumerate(nodes.values()):
            node.number = number
        flow = {id(self): 1.0}
        for out, inputs, locals_ in reversed(tape):
            g = flow.get(id(out), 0.0)
            for x, local in zip(inputs, locals_):
                flow[id(x)] = flow.get(id(x), 0.0) + local * g
        for node in nodes.values():
            grads[node.number] = grads.get(node.number, 0.0) + flow.get(id(node), 0.0)
        tape.clear()


def record(forward, derivative, *operands):
    inputs = [x if isinstance(x, Value) else Value(x) for x in operands]
    numbers = [x.data for x in inputs]
    out = Value(forward(*numbers))
    tape.append((out, inputs, derivative(*numbers, out.data)))
    return out
