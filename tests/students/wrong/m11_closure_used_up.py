# misconception: 11
# title: The parents are forgotten after their first use: a second path finds none
# wrong_gradient: order/*
# blocked: power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/add-after-use
# blocked: in-place/multiply-after-use functions/chain-again-exp@1 functions/chain-again-log@1
# blocked: functions/chain-again-tanh@1 functions/chain-again-sigmoid@1 functions/chain-again-relu@1
# blocked: functions/chain-again-abs@1 functions/chain-again-sqrt@1 functions/chain-again-sin@1
# blocked: functions/chain-again-cos@1 functions/again-exp@* functions/again-log@*
# blocked: functions/again-tanh@* functions/again-sigmoid@* functions/again-abs@*
# blocked: functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/relu-layers composite/repeated-squaring
# blocked: composite/softmax composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/soft-step composite/reciprocals
# blocked: composite/odds composite/potential composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-11
# blocked: random/graph-12 robustness/stacked-diamonds@*

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
