# misconception: 13
# title: Each node knows one parent, the last: trees only
# wrong_gradient: reuse/*
# blocked: rules/product-with-0-and-1@* power/power-twice@* power/power-of-a-negative-number@*
# blocked: power/power-again@2 power/power-again@3 power/power-again@5 power/two-powers
# blocked: power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: power/result-again-power@1 operators/quotient-by-1@* operators/opposite-of-zero
# blocked: operators/difference-twice operators/quotient-twice operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1 numbers/one-add-number@1
# blocked: numbers/one-number-add@1 numbers/one-subtract-number@1 numbers/one-number-subtract@1
# blocked: numbers/one-multiply-number@1 numbers/one-number-multiply@1 numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/twice-add-number numbers/twice-number-add
# blocked: numbers/twice-subtract-number numbers/twice-number-subtract numbers/twice-multiply-number
# blocked: numbers/twice-number-multiply numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/twice-number-power numbers/minus-one-multiply-number@1
# blocked: numbers/minus-one-number-multiply@1 numbers/minus-one-divide-number@1
# blocked: numbers/minus-one-number-divide@1 numbers/at-zero-multiply-number@1
# blocked: numbers/at-zero-number-multiply@1 numbers/at-zero-divide-number@1
# blocked: numbers/at-zero-number-power@1 numbers/again-add-number@1 numbers/again-number-add@1
# blocked: numbers/again-subtract-number@1 numbers/again-number-subtract@1
# blocked: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# blocked: numbers/again-divide-number@1 numbers/again-number-divide@1 numbers/again-number-power@1
# blocked: numbers/before-and-after-add-number@1 numbers/before-and-after-number-add@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/before-and-after-number-power@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-sum-of-products in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/one-add-number-in-place@1
# blocked: in-place/one-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@2 in-place/powers@3 in-place/powers@4
# blocked: in-place/zero-and-one-multiply-in-place@* in-place/zero-and-one-divide-in-place@*
# blocked: in-place/one-and-zero-multiply-in-place@1 in-place/twice-add-in-place
# blocked: in-place/twice-subtract-in-place in-place/twice-multiply-in-place
# blocked: in-place/twice-divide-in-place in-place/twice-power-in-place
# blocked: in-place/equal-operands-add-in-place@1 in-place/equal-operands-subtract-in-place@1
# blocked: in-place/equal-operands-multiply-in-place@1 in-place/equal-operands-divide-in-place@1
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
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-multiply-in-place@1
# blocked: in-place/itself-divide-in-place@1 in-place/again-add-number-in-place@1
# blocked: in-place/again-subtract-number-in-place@1 in-place/again-multiply-number-in-place@1
# blocked: in-place/again-divide-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-abs@* functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/before-and-after-exp@* functions/before-and-after-log@*
# blocked: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-log@1
# blocked: functions/twice-tanh@1 functions/twice-sigmoid@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 equal-numbers/leaves-in-sum@1
# blocked: equal-numbers/leaves-in-product@1 order/* state/unused-result
# blocked: state/unused-result-made-last state/backward-above-the-middle
# blocked: state/forward-after-backward composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/horner composite/rational composite/repeated-squaring
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave composite/swish composite/gated-unit composite/hinge
# blocked: composite/residual composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/entropy composite/growth composite/interference
# blocked: composite/long-chain composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/* training/line
# blocked: training/network robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=()):
        self.data = data
        self.seed = 0.0
        self.parent = None
        for child, local in children:
            child.parent, child.local = self, local

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

    @property
    def grad(self):
        if self.parent is None or self.seed:
            return self.seed
        return self.local * self.parent.grad

    def backward(self):
        self.seed = 1.0
