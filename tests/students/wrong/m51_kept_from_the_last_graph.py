# misconception: 51
# title: Gradients are kept by the node's number in its graph, and from one graph to the next
# wrong_gradient: pass/output-alone pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# wrong_gradient: pass/right-of-a-product
# blocked: worked-example/* pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/unrelated-result rules/sum@*
# blocked: rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four rules/product@*
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-with-0-and-1@* rules/product-with-constant rules/product-of-three@1
# blocked: rules/product-beside-a-number@* rules/chain-of-sum rules/chain-of-products@* power/*
# blocked: operators/* numbers/* in-place/* functions/* reuse/* equal-numbers/* order/* state/*
# blocked: composite/* random/* gradient-check/product-and-sum gradient-check/powers
# blocked: gradient-check/numbers gradient-check/tanh gradient-check/exp gradient-check/log
# blocked: gradient-check/relu gradient-check/waves training/* robustness/deep-chain@*
# blocked: robustness/stacked-diamonds@* robustness/wide-sum@* robustness/deep-products
# blocked: robustness/tanh-far-out@* robustness/sigmoid-far-out@* robustness/exp-large@2
# blocked: robustness/large-and-small

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
