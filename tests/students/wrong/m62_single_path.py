# misconception: 62
# title: The pass walks from the output to one leaf along a single path
# wrong_gradient: pass/two-sides pass/two-sides-of-two-steps pass/four-products
# wrong_gradient: pass/longer-side-left pass/longer-side-right pass/four-steps-and-one
# error: robustness/sigmoid-far-out@3
# blocked: power/two-powers power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/twice-opposite@1
# blocked: operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# blocked: numbers/twice-add-number numbers/twice-number-add numbers/twice-subtract-number
# blocked: numbers/twice-number-subtract numbers/twice-multiply-number numbers/twice-number-multiply
# blocked: numbers/twice-divide-number numbers/twice-number-divide numbers/twice-number-power
# blocked: numbers/before-and-after-add-number@1 numbers/before-and-after-number-add@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/before-and-after-number-power@1 numbers/whole-sum-of-products
# blocked: in-place/chain-add-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-multiply-in-place@1 in-place/chain-divide-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1 in-place/in-place-after-use
# blocked: in-place/add-after-use in-place/multiply-after-use
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1
# blocked: in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-relu@* functions/again-abs@* functions/again-sqrt@* functions/again-sin@*
# blocked: functions/again-cos@* functions/before-and-after-exp@* functions/before-and-after-log@*
# blocked: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-log@1
# blocked: functions/twice-tanh@1 functions/twice-sigmoid@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1 functions/twice-relu
# blocked: reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1 reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-product@1 equal-numbers/*
# blocked: order/with-itself-and-long-arm-sum@1 order/with-itself-and-long-arm-product@1
# blocked: order/with-itself-and-long-arm-mirrored-sum@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# blocked: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# blocked: order/equal-arms-mirrored-product@1 order/two-steps-and-four-sum@1
# blocked: order/two-steps-and-four-product@1 order/two-steps-and-four-mirrored-sum@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/butterfly-sum@1
# blocked: order/butterfly-product@1 order/two-shared-results-sum@1
# blocked: order/two-shared-results-product@1 composite/neuron@1 composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/rational composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/product-and-sum
# blocked: gradient-check/difference gradient-check/quotient gradient-check/powers
# blocked: gradient-check/numbers gradient-check/tanh gradient-check/exp gradient-check/sigmoid
# blocked: gradient-check/waves training/line training/network robustness/large-and-small

"""A scalar engine where every operation hands its result a list of (operand, function of the gradient)."""
import math


class Scalar:
    def __init__(self, val):
        self.val = val
        self.grad = 0
        self.sends = []
        self.order = 0

    @staticmethod
    def of(x):
        return x if isinstance(x, Scalar) else Scalar(x)

    def result(self, val, *sends):
        out = Scalar(val)
        out.sends = list(sends)
        out.order = 1 + max([node.order for node, _ in sends], default=0)
        return out

    def __add__(self, other):
        other = Scalar.of(other)
        return self.result(self.val + other.val, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        other = Scalar.of(other)
        return self.result(self.val - other.val, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a * b, (self, lambda g: b * g), (other, lambda g: a * g))

    def __truediv__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a / b, (self, lambda g: g / b), (other, lambda g: -a * g / b**2))

    def __pow__(self, n):
        a = self.val
        if isinstance(n, Scalar):
            p = a**n.val
            return self.result(
                p, (self, lambda g: n.val * a ** (n.val - 1) * g), (n, lambda g: p * math.log(a) * g)
            )
        return self.result(a**n, (self, lambda g: n * a ** (n - 1) * g if n else 0))

    def __radd__(self, other):
        return Scalar.of(other) + self

    def __rsub__(self, other):
        return Scalar.of(other) - self

    def __rmul__(self, other):
        return Scalar.of(other) * self

    def __rtruediv__(self, other):
        return Scalar.of(other) / self

    def __rpow__(self, other):
        return Scalar.of(other) ** self

    def __neg__(self):
        return self.result(-self.val, (self, lambda g: -g))

    def __abs__(self):
        return self.result(abs(self.val), (self, lambda g: g if self.val > 0 else -g))

    def relu(self):
        return self.result(max(0, self.val), (self, lambda g: g if self.val > 0 else 0))

    def tanh(self):
        t = math.tanh(self.val)
        return self.result(t, (self, lambda g: g * (1 - t * t)))

    def exp(self):
        e = math.exp(self.val)
        return self.result(e, (self, lambda g: g * e))

    def log(self):
        return self.result(math.log(self.val), (self, lambda g: g / self.val))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.val))
        return self.result(s, (self, lambda g: g * s * (1 - s)))

    def sin(self):
        return self.result(math.sin(self.val), (self, lambda g: g * math.cos(self.val)))

    def cos(self):
        return self.result(math.cos(self.val), (self, lambda g: -g * math.sin(self.val)))

    def sqrt(self):
        r = math.sqrt(self.val)
        return self.result(r, (self, lambda g: g / (2 * r)))

    def backward(self):
        self.grad = 1
        out = self
        while out.sends:
            for node, send in out.sends:
                node.grad += send(out.grad)
            out = max((node for node, _ in out.sends), key=lambda node: node.order)
