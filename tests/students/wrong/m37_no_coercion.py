# misconception: 37
# title: A plain number on the right is not made a Value
# unsupported: values/add-number@1 values/subtract-number@1 values/multiply-number@1
# unsupported: values/divide-number@1 numbers/add-number@* numbers/subtract-number@*
# unsupported: numbers/multiply-number@* numbers/divide-number@* numbers/zero-add-number@1
# unsupported: numbers/zero-subtract-number@1 numbers/zero-multiply-number@1
# unsupported: numbers/one-add-number@1 numbers/one-subtract-number@1 numbers/one-multiply-number@1
# unsupported: numbers/one-divide-number@1 numbers/chain-add-number@1
# unsupported: numbers/chain-subtract-number@1 numbers/chain-multiply-number@1
# unsupported: numbers/chain-divide-number@1 numbers/twice-add-number numbers/twice-subtract-number
# unsupported: numbers/twice-multiply-number numbers/twice-divide-number
# unsupported: numbers/minus-one-multiply-number@1 numbers/minus-one-divide-number@1
# unsupported: numbers/at-zero-multiply-number@1 numbers/at-zero-divide-number@1
# unsupported: numbers/again-add-number@1 numbers/again-subtract-number@1
# unsupported: numbers/again-multiply-number@1 numbers/again-divide-number@1
# unsupported: numbers/before-and-after-add-number@1 numbers/before-and-after-subtract-number@1
# unsupported: numbers/before-and-after-multiply-number@1 numbers/before-and-after-divide-number@1
# unsupported: numbers/result-again-add-number@1 numbers/result-again-subtract-number@1
# unsupported: numbers/result-again-multiply-number@1 numbers/result-again-divide-number@1
# unsupported: numbers/whole-number-divided
# blocked: values/add-number-in-place values/subtract-number-in-place
# blocked: values/multiply-number-in-place values/divide-number-in-place
# blocked: in-place/alone-with-add-number-in-place@* in-place/alone-with-subtract-number-in-place@*
# blocked: in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/alone-with-divide-number-in-place@* in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/chain-with-add-number-in-place@1 in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/twice-add-in-place
# blocked: in-place/twice-subtract-in-place in-place/twice-multiply-in-place
# blocked: in-place/twice-divide-in-place in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1 state/numbers-not-remembered
# blocked: composite/two-layers composite/distance composite/odds gradient-check/numbers

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
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        a, b = self.data, other.data
        return Value(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Value):
            out = self.data**n.data
            by_base = n.data * self.data ** (n.data - 1)
            return Value(out, ((self, by_base), (n, out * log(self.data))))
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return Value(other) * self

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
