# misconception: 7, 26
# title: Nodes twice in the order, and the divisor not squared
# wrong_gradient: operators/quotient@* order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# wrong_gradient: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# wrong_gradient: order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result
# wrong_gradient: order/power-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: operators/chain-of-quotient operators/number-divide@* operators/chain-of-number-divide
# blocked: operators/divide-in-place operators/chain-in-place reuse/quotient-twice reuse/fan-out
# blocked: reuse/quotient-then-product reuse/equal-leaves-quotient order/quotient-of-a-result
# blocked: composite/relu-layers composite/rational composite/repeated-squaring composite/softmax
# blocked: composite/logistic-loss composite/wave random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/numbers robustness/stacked-diamonds@*

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
        return Value(a / b, ((self, 1 / b), (other, -a / b)))

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
        seen, done = set(), []

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child, _ in node.children:
                    visit(child)
            done.append(node)

        visit(self)
        return done[::-1]

    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
