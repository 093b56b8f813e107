# misconception: 1
# title: The one loop that hands shares on assigns them with = where += is due
# wrong_gradient: reuse/*
# blocked: rules/product-with-0-and-1@* power/power-twice@* power/power-at-zero
# blocked: power/power-of-a-negative-number@* power/power-again@* power/two-powers
# blocked: power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: power/result-again-power@1 operators/quotient-by-1@* operators/opposite-of-zero
# blocked: operators/difference-twice operators/quotient-twice operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/equal-operands-difference@1
# blocked: operators/equal-operands-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/twice-add-number numbers/twice-number-add
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
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/zero-power-number-in-place@1 in-place/one-add-number-in-place@1
# blocked: in-place/one-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@* in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/equal-operands-add-in-place@1
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/equal-operands-multiply-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
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
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/cos-at-zero
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-relu@* functions/again-sqrt@*
# blocked: functions/again-sin@* functions/again-cos@* functions/before-and-after-exp@*
# blocked: functions/before-and-after-log@* functions/before-and-after-tanh@*
# blocked: functions/before-and-after-sigmoid@* functions/before-and-after-relu@*
# blocked: functions/before-and-after-abs@* functions/before-and-after-sqrt@*
# blocked: functions/before-and-after-sin@* functions/before-and-after-cos@* functions/twice-exp@1
# blocked: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# blocked: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 equal-numbers/leaves-in-sum@1
# blocked: equal-numbers/leaves-in-product@1 order/* state/unused-result composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/repeated-squaring composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/long-chain composite/sums-of-exp-and-tanh@1
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


class Scalar:
    """A number with the local derivative by each of its children."""

    def __init__(self, value, children=()):
        self.value = value
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Scalar) else Scalar(x)

    def __add__(self, other):
        other = Scalar.wrap(other)
        return Scalar(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Scalar.wrap(other)
        return Scalar(self.value - other.value, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Scalar.wrap(other)
        return Scalar(self.value * other.value, ((self, other.value), (other, self.value)))

    def __truediv__(self, other):
        other = Scalar.wrap(other)
        a, b = self.value, other.value
        return Scalar(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Scalar):
            out = self.value**n.value
            by_base = n.value * self.value ** (n.value - 1)
            return Scalar(out, ((self, by_base), (n, out * log(self.value))))
        return Scalar(self.value**n, ((self, n * self.value ** (n - 1)),))

    def __neg__(self):
        return Scalar(-self.value, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Scalar.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Scalar.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.value
        return Scalar(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.value)
        return Scalar(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.value)
        return Scalar(e, ((self, e),))

    def log(self):
        return Scalar(log(self.value), ((self, 1 / self.value),))

    def relu(self):
        return Scalar(max(0.0, self.value), ((self, 1.0 if self.value > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.value)
        return Scalar(s, ((self, s * (1 - s)),))

    def sin(self):
        return Scalar(sin(self.value), ((self, cos(self.value)),))

    def cos(self):
        return Scalar(cos(self.value), ((self, -sin(self.value)),))

    def sqrt(self):
        r = sqrt(self.value)
        return Scalar(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Scalar(abs(self.value), ((self, 1.0 if self.value > 0 else -1.0),))

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

    def backprop(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad = local * node.grad
