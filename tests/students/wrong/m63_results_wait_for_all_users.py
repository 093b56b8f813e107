# misconception: 63
# title: A node asks all its users, those that nobody needs too
# wrong_gradient: state/unused-result state/unused-result-made-last state/backward-above-the-middle
# error: robustness/sigmoid-far-out@3

from math import cos, exp, log, sin, sqrt, tanh


class Var:
    """value: the number. links: pairs (operand, derivative by it)."""

    def __init__(self, value, links=()):
        self.value = value
        self.links = links
        self.grad = 0.0
        self.users = []
        for operand, _ in links:
            operand.users.append(self)

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
        done = set()
        self.grad = 1.0
        self.share(done)

    def share(self, done):
        done.add(self)
        for operand, slope in self.links:
            operand.grad += slope * self.grad
        for operand, _ in self.links:
            if operand not in done and all(user in done for user in operand.users):
                operand.share(done)


def var(x):
    return x if isinstance(x, Var) else Var(x)
