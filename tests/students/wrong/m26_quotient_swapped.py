# misconception: 26
# title: The quotient rule with dividend and divisor swapped
# wrong_gradient: operators/quotient@* operators/quotient-by-1@2 operators/quotient-by-1@3
# wrong_gradient: operators/chain-quotient@1 operators/again-both-quotient@1
# wrong_gradient: operators/before-and-after-both-quotient@1 operators/pairs-quotient@1
# wrong_gradient: operators/equal-operands-quotient@1 operators/uneven-results-quotient@1
# wrong_gradient: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# error: operators/quotient-of-zero operators/quotient-by-1@1 robustness/sigmoid-far-out@3
# blocked: numbers/divide-number@* numbers/number-divide@* numbers/zero-number-divide@1
# blocked: numbers/one-divide-number@1 numbers/one-number-divide@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-divide-number@1 numbers/again-divide-number@1
# blocked: numbers/again-number-divide@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/whole-quotient numbers/whole-number-divided
# blocked: numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-divide-number-in-place@* in-place/one-divide-number-in-place@1
# blocked: in-place/zero-and-one-divide-in-place@* in-place/chain-divide-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/twice-divide-in-place
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/again-divide-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1 in-place/again-both-divide-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 composite/two-layers composite/rational
# blocked: composite/softmax composite/distance composite/hinge composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/growth composite/reciprocals
# blocked: composite/odds composite/potential composite/harmonic random/graph-6 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/numbers

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
        return self.result(a / b, (self, lambda g: -b * g / a**2), (other, lambda g: g / a))

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
        return Scalar.of(other) - self

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
