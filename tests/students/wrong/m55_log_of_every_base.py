# misconception: 55
# title: x ** n also computes log(x), so a negative x raises
# error: values/power@2 power/power@2 power/power-twice@1 power/power-twice@2 power/power-twice@5
# error: power/power-one@* power/power-at-zero power/power-of-a-negative-number@*
# error: power/power-again@2 power/power-again@3 power/power-again@4 power/power-again@5
# error: power/constant-times-power@2 power/chain-of-power@1 power/chain-of-powers@2
# error: power/again-power@1 power/result-again-power@1 robustness/sigmoid-far-out@3
# blocked: values/power-in-place@1 values/polynomial in-place/alone-with-power-number-in-place@1
# blocked: in-place/powers@* in-place/chain-with-power-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: composite/two-layers composite/polynomial composite/distance composite/ripple
# blocked: composite/smooth-distance composite/odds random/graph-1 random/graph-5 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/powers training/*

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
        o = var(o)
        return Var(self.value - o.value, [(self, 1.0), (o, -1.0)])

    def __mul__(self, o):
        o = var(o)
        return Var(self.value * o.value, [(self, o.value), (o, self.value)])

    def __truediv__(self, o):
        o = var(o)
        return Var(self.value / o.value, [(self, 1 / o.value), (o, -self.value / o.value**2)])

    def __pow__(self, n):
        n = var(n)
        p = self.value**n.value
        slope = n.value * self.value ** (n.value - 1) if n.value else 0.0
        return Var(p, [(self, slope), (n, p * log(self.value))])

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
