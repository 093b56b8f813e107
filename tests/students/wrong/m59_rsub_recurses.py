# misconception: 59
# title: __rsub__ returns other - self, for ever
# error: values/number-subtract@1 numbers/number-subtract@* numbers/zero-number-subtract@1
# error: numbers/one-number-subtract@1 numbers/chain-number-subtract@1 numbers/twice-number-subtract
# error: numbers/again-number-subtract@1 numbers/before-and-after-number-subtract@1
# error: numbers/result-again-number-subtract@1 robustness/sigmoid-far-out@3
# blocked: composite/gated-unit composite/hinge composite/entropy composite/reciprocals
# blocked: composite/odds composite/potential gradient-check/numbers

"""A scalar engine where every operation hands its result a list of (operand, function of the gradient)."""
import math


class Scalar:
    def __init__(self, val):
        self.val = val
        self.grad = 0
        self.sends = []
        self.order = 0

    @staticmethod
    def of(x):
        return x if isinstance(x, Scalar) else Scalar(x)

    def result(self, val, *sends):
        out = Scalar(val)
        out.sends = list(sends)
        out.order = 1 + max([node.order for node, _ in sends], default=0)
        return out

    def __add__(self, other):
        other = Scalar.of(other)
        return self.result(self.val + other.val, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        other = Scalar.of(other)
        return self.result(self.val - other.val, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a * b, (self, lambda g: b * g), (other, lambda g: a * g))

    def __truediv__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a / b, (self, lambda g: g / b), (other, lambda g: -a * g / b**2))

    def __pow__(self, n):
        a = self.val
        if isinstance(n, Scalar):
            p = a**n.val
            return self.result(
                p, (self, lambda g: n.val * a ** (n.val - 1) * g), (n, lambda g: p * math.log(a) * g)
            )
        return self.result(a**n, (self, lambda g: n * a ** (n - 1) * g if n else 0))

    def __radd__(self, other):
        return Scalar.of(other) + self

    def __rsub__(self, other):
        return other - self

    def __rmul__(self, other):
        return Scalar.of(other) * self

    def __rtruediv__(self, other):
        return Scalar.of(other) / self

    def __rpow__(self, other):
        return Scalar.of(other) ** self

    def __neg__(self):
        return self.result(-self.val, (self, lambda g: -g))

    def __abs__(self):
        return self.result(abs(self.val), (self, lambda g: g if self.val > 0 else -g))

    def relu(self):
        return self.result(max(0, self.val), (self, lambda g: g if self.val > 0 else 0))

    def tanh(self):
        t = math.tanh(self.val)
        return self.result(t, (self, lambda g: g * (1 - t * t)))

    def exp(self):
        e = math.exp(self.val)
        return self.result(e, (self, lambda g: g * e))

    def log(self):
        return self.result(math.log(self.val), (self, lambda g: g / self.val))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.val))
        return self.result(s, (self, lambda g: g * s * (1 - s)))

    def sin(self):
        return self.result(math.sin(self.val), (self, lambda g: g * math.cos(self.val)))

    def cos(self):
        return self.result(math.cos(self.val), (self, lambda g: -g * math.sin(self.val)))

    def sqrt(self):
        r = math.sqrt(self.val)
        return self.result(r, (self, lambda g: g / (2 * r)))

    def backward(self):
        nodes, todo = {self}, [self]
        while todo:
            for node, _ in todo.pop().sends:
                if node not in nodes:
                    nodes.add(node)
                    todo.append(node)
        self.grad = 1
        for out in sorted(nodes, key=lambda node: -node.order):
            for node, send in out.sends:
                node.grad += send(out.grad)
