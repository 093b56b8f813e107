# misconception: 10, 24
# title: Hands on the accumulated grad, and n missing
# wrong_gradient: power/power@* power/power-of-one power/power-zero power/power-again@1
# wrong_gradient: power/power-again@3 power/power-again@4 power/power-again@5
# wrong_gradient: power/constant-times-power@* power/chain-of-power@* power/chain-of-powers@*
# wrong_gradient: power/two-powers power/before-and-after-power@1 power/twice-power
# wrong_gradient: operators/quotient@* operators/quotient-by-1@2 operators/quotient-by-1@3
# wrong_gradient: operators/chain-quotient@1 operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/pairs-quotient@1
# wrong_gradient: operators/equal-operands-quotient@1 order/*
# blocked: power/power-twice@1 power/power-twice@2 power/power-twice@3 power/power-twice@5
# blocked: power/power-twice@6 power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/number-divide@* numbers/one-number-divide@1
# blocked: numbers/chain-number-divide@1 numbers/twice-number-divide
# blocked: numbers/minus-one-number-divide@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-quotient numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-power-number-in-place@* in-place/zero-power-number-in-place@1
# blocked: in-place/powers@3 in-place/powers@4 in-place/zero-and-one-divide-in-place@2
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-power-in-place in-place/equal-operands-divide-in-place@1
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
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/add-after-use in-place/multiply-after-use in-place/itself-divide-in-place@1
# blocked: in-place/again-power-number-in-place@1 in-place/before-and-after-power-number-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-divide-in-place@1
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-abs@* functions/again-sqrt@*
# blocked: functions/again-sin@* functions/again-cos@* functions/result-again-exp@1
# blocked: functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/rational composite/repeated-squaring composite/softmax
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/soft-step composite/reciprocals
# blocked: composite/odds composite/potential composite/harmonic composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/* gradient-check/quotient gradient-check/powers
# blocked: gradient-check/numbers training/* robustness/stacked-diamonds@*

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
