# misconception: 17
# title: 2 + x makes a new leaf
# wrong_gradient: numbers/number-add@* numbers/zero-number-add@1 numbers/one-number-add@1
# wrong_gradient: numbers/chain-number-add@1 numbers/twice-number-add numbers/sum-from-zero
# wrong_gradient: numbers/again-number-add@1 numbers/before-and-after-number-add@1
# wrong_gradient: numbers/result-again-number-add@1
# blocked: composite/decay composite/interference gradient-check/numbers

from math import cos, exp, log, sin, sqrt, tanh


class Variable:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=()):
        self.data = data
        self.gradient = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Variable) else Variable(x)

    def __add__(self, other):
        other = Variable.wrap(other)
        return Variable(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Variable.wrap(other)
        return Variable(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Variable.wrap(other)
        return Variable(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = Variable.wrap(other)
        a, b = self.data, other.data
        return Variable(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Variable):
            out = self.data**n.data
            by_base = n.data * self.data ** (n.data - 1)
            return Variable(out, ((self, by_base), (n, out * log(self.data))))
        return Variable(self.data**n, ((self, n * self.data ** (n - 1)),))

    def __neg__(self):
        return Variable(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return Variable(other + self.data)

    def __rsub__(self, other):
        return Variable.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Variable.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.data
        return Variable(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.data)
        return Variable(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.data)
        return Variable(e, ((self, e),))

    def log(self):
        return Variable(log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Variable(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.data)
        return Variable(s, ((self, s * (1 - s)),))

    def sin(self):
        return Variable(sin(self.data), ((self, cos(self.data)),))

    def cos(self):
        return Variable(cos(self.data), ((self, -sin(self.data)),))

    def sqrt(self):
        r = sqrt(self.data)
        return Variable(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Variable(abs(self.data), ((self, 1.0 if self.data > 0 else -1.0),))

    def order(self):
        seen, done, stack = set(), [], [(self, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                for child, _ in node.children:
                    stack.append((child, False))
        return done[::-1]

    def backward(self):
        self.gradient = 1.0
        for node in self.order():
            for child, local in node.children:
                child.gradient += local * node.gradient
