# misconception: 34
# title: x /= y computes y / x
# wrong_value: values/divide-in-place@1 values/divide-number-in-place
# wrong_value: in-place/alone-divide-in-place@1 in-place/alone-with-divide-number-in-place@*
# wrong_value: in-place/one-divide-number-in-place@1 in-place/zero-and-one-divide-in-place@2
# wrong_value: in-place/chain-divide-in-place@1 in-place/chain-with-divide-number-in-place@1
# wrong_value: in-place/twice-divide-in-place in-place/uneven-results-divide-in-place@1
# wrong_value: in-place/uneven-results-mirrored-divide-in-place@1
# wrong_value: in-place/result-again-with-divide-number-in-place@1
# wrong_value: in-place/again-divide-number-in-place@1
# wrong_value: in-place/before-and-after-divide-number-in-place@1
# wrong_value: in-place/again-both-divide-in-place@1
# wrong_value: in-place/before-and-after-both-divide-in-place@1
# wrong_gradient: in-place/equal-operands-divide-in-place@1
# error: in-place/zero-and-one-divide-in-place@1 robustness/sigmoid-far-out@3
# blocked: in-place/numbers-in-place in-place/chain-in-place

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
        if isinstance(n, Var):
            p = self.value**n.value
            return Var(p, [(self, n.value * self.value ** (n.value - 1)), (n, p * log(self.value))])
        return Var(self.value**n, [(self, n * self.value ** (n - 1) if n else 0.0)])

    def __itruediv__(self, o):
        return var(o) / self

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
