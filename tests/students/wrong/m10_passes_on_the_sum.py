# misconception: 10
# title: Hands on the accumulated grad where the share that came in was meant
# wrong_gradient: order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# wrong_gradient: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# wrong_gradient: order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result
# wrong_gradient: order/quotient-of-a-result order/power-of-a-result order/difference-of-a-result
# wrong_gradient: order/opposite-of-a-result
# blocked: composite/relu-layers composite/repeated-squaring composite/softmax
# blocked: composite/logistic-loss composite/wave random/graph-2 random/graph-3 random/graph-5
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 robustness/stacked-diamonds@*

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
        return Value(self.data**n, [(self, n * self.data ** (n - 1))])

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
