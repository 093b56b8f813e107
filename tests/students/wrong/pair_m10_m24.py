# misconception: 10, 24
# title: Hands on the accumulated grad, and n missing
# wrong_gradient: rules/power@* rules/power-zero operators/quotient@* order/equal-arms
# wrong_gradient: order/product-of-itself order/short-arm-left order/short-arm-right
# wrong_gradient: order/long-arm-left order/long-arm-right order/one-step-and-two
# wrong_gradient: order/two-steps-and-one order/stacked-diamonds order/stacked-unequal-diamonds
# wrong_gradient: order/stacked-unequal-diamonds-mirrored order/butterfly order/three-depths
# wrong_gradient: order/three-depths-mirrored order/two-shared-nodes order/ladder order/loop-of-sums
# wrong_gradient: order/loop-with-tanh order/tanh-of-a-result order/exp-of-a-result
# wrong_gradient: order/log-of-a-result order/relu-of-a-result order/sigmoid-of-a-result
# wrong_gradient: order/sin-of-a-result order/cos-of-a-result order/sqrt-of-a-result
# wrong_gradient: order/abs-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: rules/power-of-one rules/constant-times-power@* rules/chain-of-power@*
# blocked: rules/chain-of-powers@* operators/chain-of-quotient operators/number-divide@*
# blocked: operators/chain-of-number-divide operators/divide-in-place operators/power-in-place
# blocked: operators/cube-in-place operators/chain-in-place reuse/quotient-twice reuse/fan-out
# blocked: reuse/quotient-then-product reuse/power-then-product reuse/two-powers
# blocked: reuse/equal-leaves-quotient order/quotient-of-a-result order/power-of-a-result
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/rational
# blocked: composite/repeated-squaring composite/softmax composite/logistic-loss composite/distance
# blocked: composite/wave random/graph-2 random/graph-3 random/graph-4 random/graph-5 random/graph-6
# blocked: random/graph-7 random/graph-8 random/graph-9 random/graph-10 random/graph-11
# blocked: random/graph-12 gradient-check/quotient gradient-check/powers gradient-check/numbers
# blocked: training/* robustness/stacked-diamonds@*

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """Each node hands every share that arrives straight on to what it was made of."""

    def __init__(self, data, parents=[]):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents

    def __add__(self, other):
        other = value(other)
        return Value(self.data + other.data, [(self, 1), (other, 1)])

    __radd__ = __add__

    def __mul__(self, other):
        other = value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -value(other)

    def __rsub__(self, other):
        return -self + other

    def __pow__(self, n):
        return Value(self.data**n, [(self, self.data ** (n - 1))])

    def __rpow__(self, c):
        return (self * log(c)).exp()

    def __truediv__(self, other):
        return self * value(other) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    def __abs__(self):
        return self * (1 if self.data > 0 else -1)

    def tanh(self):
        return Value(tanh(self.data), [(self, 1 - tanh(self.data) ** 2)])

    def exp(self):
        return Value(exp(self.data), [(self, exp(self.data))])

    def log(self):
        return Value(log(self.data), [(self, self.data**-1)])

    def relu(self):
        return Value(max(self.data, 0.0), [(self, 1.0 * (self.data > 0))])

    def sigmoid(self):
        s = (1 + tanh(self.data / 2)) / 2
        return Value(s, [(self, s - s**2)])

    def sin(self):
        return Value(sin(self.data), [(self, cos(self.data))])

    def cos(self):
        return Value(cos(self.data), [(self, -sin(self.data))])

    def sqrt(self):
        return Value(sqrt(self.data), [(self, 0.5 / sqrt(self.data))])

    def backward(self, grad=1.0):
        self.grad += grad
        for parent, local in self.parents:
            parent.backward(self.grad * local)


def value(x):
    return x if isinstance(x, Value) else Value(x)
