# misconception: 11
# title: The parents are forgotten after their first use: a second path finds none
# wrong_gradient: order/*
# blocked: power/result-again-power@1 operators/result-again-opposite@1
# blocked: operators/results-again-difference@1 operators/results-again-quotient@1
# blocked: functions/result-again-exp@* functions/result-again-log@* functions/result-again-tanh@*
# blocked: functions/result-again-sigmoid@* functions/result-again-relu@*
# blocked: functions/result-again-abs@* functions/result-again-sqrt@* functions/result-again-sin@*
# blocked: functions/result-again-cos@* composite/relu-layers composite/repeated-squaring
# blocked: composite/softmax composite/logistic-loss composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge@1 composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@*
# blocked: composite/products-of-exp-and-tanh@* composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sqrt-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/bump composite/reciprocals
# blocked: composite/odds composite/potential composite/powers-of-numbers
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-6 random/graph-7 random/graph-8 random/graph-9
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
        parents, self.parents = self.parents, []
        for parent, local in parents:
            parent.backward(grad * local)


def value(x):
    return x if isinstance(x, Value) else Value(x)
