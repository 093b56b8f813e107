# misconception: 17
# title: Division makes a new leaf
# wrong_gradient: operators/quotient@* operators/quotient-of-zero operators/quotient-by-1@*
# wrong_gradient: operators/chain-quotient@1 operators/again-both-quotient@1
# wrong_gradient: operators/before-and-after-both-quotient@1 operators/pairs-quotient@1
# wrong_gradient: operators/equal-operands-quotient@1 operators/uneven-results-quotient@1
# wrong_gradient: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# blocked: numbers/divide-number@* numbers/number-divide@* numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/chain-divide-number@1 numbers/chain-number-divide@1
# blocked: numbers/twice-divide-number numbers/twice-number-divide numbers/minus-one-divide-number@1
# blocked: numbers/minus-one-number-divide@1 numbers/at-zero-divide-number@1
# blocked: numbers/again-divide-number@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/whole-quotient numbers/whole-number-divided numbers/divided-by-a-whole-number
# blocked: in-place/alone-divide-in-place@1 in-place/alone-with-divide-number-in-place@*
# blocked: in-place/one-divide-number-in-place@1 in-place/zero-and-one-divide-in-place@*
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-divide-number-in-place@1
# blocked: in-place/twice-divide-in-place in-place/equal-operands-divide-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
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

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = Value.wrap(other)
        a, b = self.data, other.data
        return Value(a / b)

    def __pow__(self, n):
        if isinstance(n, Value):
            out = self.data**n.data
            by_base = n.data * self.data ** (n.data - 1)
            return Value(out, ((self, by_base), (n, out * log(self.data))))
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.data
        return Value(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.data)
        return Value(s, ((self, s * (1 - s)),))

    def sin(self):
        return Value(sin(self.data), ((self, cos(self.data)),))

    def cos(self):
        return Value(cos(self.data), ((self, -sin(self.data)),))

    def sqrt(self):
        r = sqrt(self.data)
        return Value(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Value(abs(self.data), ((self, 1.0 if self.data > 0 else -1.0),))

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
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
