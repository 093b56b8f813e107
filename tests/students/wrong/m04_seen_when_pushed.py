# misconception: 4
# title: The iterative search marks a node as seen when it pushes it, not when it takes it off
# wrong_gradient: order/with-itself-sum@1 order/with-itself-product@1 order/equal-arms-sum@1
# wrong_gradient: order/equal-arms-product@1 order/short-arm-sum@1 order/short-arm-product@1
# wrong_gradient: order/long-arm-sum@1 order/long-arm-product@1 order/stacked-diamonds-sum@1
# wrong_gradient: order/stacked-diamonds-product@1 order/stacked-unequal-diamonds-sum@1
# wrong_gradient: order/stacked-unequal-diamonds-product@1 order/butterfly-sum@1
# wrong_gradient: order/butterfly-product@1 order/two-shared-results-sum@1
# wrong_gradient: order/two-shared-results-product@1 order/loop
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: composite/softmax composite/gated-unit composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@1
# blocked: composite/products-of-sigmoid-and-relu composite/sums-of-exp-and-relu@1
# blocked: composite/products-of-relu-and-exp random/graph-8 random/graph-11
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
        seen, done, stack = {self}, [], [(self, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                done.append(node)
                continue
            stack.append((node, True))
            for child, _ in node.children:
                if child not in seen:
                    seen.add(child)
                    stack.append((child, False))
        return done[::-1]

    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
