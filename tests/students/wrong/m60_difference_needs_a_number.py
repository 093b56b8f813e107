# misconception: 60
# title: a - b is a + b * -1 where a product takes no plain numbers
# unsupported: values/number-subtract@1 values/multiply-number@1 numbers/number-subtract@1
# unsupported: numbers/multiply-number@* numbers/zero-number-subtract@1
# unsupported: numbers/zero-multiply-number@1 numbers/one-number-subtract@1
# unsupported: numbers/one-multiply-number@1 numbers/chain-number-subtract@1
# unsupported: numbers/chain-multiply-number@1 numbers/twice-number-subtract
# unsupported: numbers/twice-multiply-number numbers/minus-one-multiply-number@1
# unsupported: numbers/at-zero-multiply-number@1 numbers/again-number-subtract@1
# unsupported: numbers/again-multiply-number@1 numbers/before-and-after-number-subtract@1
# unsupported: numbers/before-and-after-multiply-number@1 numbers/result-again-number-subtract@1
# unsupported: numbers/result-again-multiply-number@1
# error: values/difference@1 operators/difference@* operators/difference-with-zero@*
# error: operators/chain-difference@1 operators/difference-twice operators/again-both-difference@1
# error: operators/before-and-after-both-difference@1 operators/pairs-difference@1
# error: operators/equal-operands-difference@1 operators/uneven-results-difference@1
# error: operators/uneven-results-mirrored-difference@1 operators/results-again-difference@1
# error: robustness/sigmoid-far-out@3
# blocked: values/subtract-in-place@1 values/multiply-number-in-place values/quotient-of-differences
# blocked: numbers/number-subtract@2 in-place/alone-subtract-in-place@1
# blocked: in-place/alone-with-multiply-number-in-place@* in-place/zero-multiply-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1 in-place/twice-multiply-in-place
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/itself-subtract-in-place@1
# blocked: in-place/again-multiply-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/again-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1 state/numbers-not-remembered
# blocked: composite/two-layers composite/rational composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/gated-unit
# blocked: composite/hinge composite/decay composite/smooth-distance composite/entropy
# blocked: composite/growth composite/reciprocals composite/odds composite/potential random/graph-6
# blocked: random/graph-7 random/graph-9 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/powers gradient-check/numbers training/*

from math import cos, exp, log, sin, sqrt, tanh


class Var:
    """value: the number. links: pairs (operand, derivative by it)."""

    def __init__(self, value, links=()):
        self.value = value
        self.links = links
        self.grad = 0.0

    def __add__(self, o):
        o = var(o)
        return Var(self.value + o.value, [(self, 1.0), (o, 1.0)])

    def __sub__(self, o):
        return self + o * -1

    def __mul__(self, o):
        return Var(self.value * o.value, [(self, o.value), (o, self.value)])

    def __truediv__(self, o):
        o = var(o)
        return Var(self.value / o.value, [(self, 1 / o.value), (o, -self.value / o.value**2)])

    def __pow__(self, n):
        if isinstance(n, Var):
            p = self.value**n.value
            return Var(p, [(self, n.value * self.value ** (n.value - 1)), (n, p * log(self.value))])
        return Var(self.value**n, [(self, n * self.value ** (n - 1) if n else 0.0)])

    def __radd__(self, o):
        return var(o) + self

    def __rsub__(self, o):
        return var(o) - self

    def __rmul__(self, o):
        return var(o) * self

    def __rtruediv__(self, o):
        return var(o) / self

    def __rpow__(self, o):
        return var(o) ** self

    def __neg__(self):
        return Var(-self.value, [(self, -1.0)])

    def __abs__(self):
        return Var(abs(self.value), [(self, 1.0 if self.value > 0 else -1.0)])

    def relu(self):
        return Var(max(self.value, 0.0), [(self, 1.0 if self.value > 0 else 0.0)])

    def tanh(self):
        t = tanh(self.value)
        return Var(t, [(self, 1 - t * t)])

    def exp(self):
        e = exp(self.value)
        return Var(e, [(self, e)])

    def log(self):
        return Var(log(self.value), [(self, 1 / self.value)])

    def sigmoid(self):
        s = 1 / (1 + exp(-self.value))
        return Var(s, [(self, s * (1 - s))])

    def sin(self):
        return Var(sin(self.value), [(self, cos(self.value))])

    def cos(self):
        return Var(cos(self.value), [(self, -sin(self.value))])

    def sqrt(self):
        r = sqrt(self.value)
        return Var(r, [(self, 1 / (2 * r))])

    def backward(self):
        order = sort(self)
        self.grad = 1.0
        for node in reversed(order):
            for operand, slope in node.links:
                operand.grad += slope * node.grad


def sort(node, order=None, done=None):
    order = [] if order is None else order
    done = set() if done is None else done
    if node not in done:
        done.add(node)
        for operand, _ in node.links:
            sort(operand, order, done)
        order.append(node)
    return order


def var(x):
    return x if isinstance(x, Var) else Var(x)
