# misconception: 46
# title: Gradients are clipped as they are added
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# wrong_gradient: rules/product-beside-a-number@* power/power@1 power/power@2 power/power-of-one
# wrong_gradient: power/chain-of-powers@* operators/quotient@2 numbers/number-power@*
# wrong_gradient: functions/exp@2 functions/exp@4 functions/log@1 functions/log@4 functions/sqrt@2
# wrong_gradient: reuse/sum-twice@* reuse/sum-of-three reuse/same-pair-again-sum@1 reuse/two-sums
# blocked: worked-example/* pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/product-with-0-and-1@3 rules/product-with-0-and-1@4
# blocked: rules/chain-of-sum rules/chain-of-products@* power/power-twice@*
# blocked: power/power-of-a-negative-number@* power/power-again@* power/constant-times-power@*
# blocked: power/chain-of-power@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@2
# blocked: operators/quotient-by-1@3 operators/opposite-of-zero operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/multiply-number@1 numbers/number-multiply@1
# blocked: numbers/divide-number@2 numbers/number-divide@2 numbers/zero-add-number@1
# blocked: numbers/zero-number-add@1 numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# blocked: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# blocked: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-number-divide@1 numbers/twice-add-number numbers/twice-number-add
# blocked: numbers/twice-subtract-number numbers/twice-number-subtract numbers/twice-multiply-number
# blocked: numbers/twice-number-multiply numbers/twice-number-divide numbers/twice-number-power
# blocked: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# blocked: numbers/at-zero-divide-number@1 numbers/at-zero-number-power@1 numbers/sum-from-zero
# blocked: numbers/again-add-number@1 numbers/again-number-add@1 numbers/again-subtract-number@1
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
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/alone-multiply-in-place@1 in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-multiply-number-in-place@1
# blocked: in-place/alone-with-divide-number-in-place@2 in-place/alone-with-power-number-in-place@1
# blocked: in-place/zero-add-number-in-place@1 in-place/zero-subtract-number-in-place@1
# blocked: in-place/zero-multiply-number-in-place@1 in-place/zero-power-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@3
# blocked: in-place/zero-and-one-multiply-in-place@2 in-place/zero-and-one-divide-in-place@2
# blocked: in-place/chain-add-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-power-in-place
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
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/in-place-after-use in-place/add-after-use
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-multiply-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/again-power-number-in-place@1 in-place/before-and-after-add-number-in-place@1
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
# blocked: functions/before-and-after-exp@* functions/before-and-after-log@1
# blocked: functions/before-and-after-tanh@1 functions/before-and-after-sigmoid@1
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/result-again-exp@1 functions/result-again-log@1
# blocked: functions/result-again-tanh@1 functions/result-again-sigmoid@1
# blocked: functions/result-again-relu@1 functions/result-again-abs@1 functions/result-again-sqrt@1
# blocked: functions/result-again-sin@1 functions/result-again-cos@1 reuse/product-twice@*
# blocked: reuse/product-of-three reuse/same-pair-again-product@1 reuse/two-products
# blocked: reuse/three-products reuse/fan-out reuse/again-both-sum@1 reuse/again-both-product@1
# blocked: reuse/before-and-after-both-sum@1 reuse/before-and-after-both-product@1
# blocked: equal-numbers/leaves-in-sum@1 equal-numbers/leaves-in-product@1
# blocked: equal-numbers/two-products equal-numbers/products-at-two-depths
# blocked: equal-numbers/three-products equal-numbers/leaf-and-product
# blocked: equal-numbers/along-a-chain-of-products order/with-itself-sum@1
# blocked: order/with-itself-product@1 order/with-itself-mirrored-sum@1
# blocked: order/with-itself-mirrored-product@1 order/with-itself-and-long-arm-sum@1
# blocked: order/with-itself-and-long-arm-product@1 order/with-itself-and-long-arm-mirrored-sum@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# blocked: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-sum@1 order/short-arm-product@1
# blocked: order/short-arm-mirrored-sum@1 order/short-arm-mirrored-product@1 order/long-arm-sum@1
# blocked: order/long-arm-product@1 order/long-arm-mirrored-sum@1 order/long-arm-mirrored-product@1
# blocked: order/two-steps-and-four-sum@1 order/two-steps-and-four-product@1
# blocked: order/two-steps-and-four-mirrored-sum@1 order/two-steps-and-four-mirrored-product@1
# blocked: order/stacked-diamonds-sum@1 order/stacked-diamonds-product@1
# blocked: order/stacked-unequal-diamonds-sum@1 order/stacked-unequal-diamonds-product@1
# blocked: order/butterfly-sum@1 order/butterfly-product@1 order/three-depths-sum@1
# blocked: order/three-depths-product@1 order/two-shared-results-sum@1
# blocked: order/two-shared-results-product@1 order/ladder-sum@1 order/loop state/unused-result
# blocked: state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/forward-after-backward
# blocked: state/numbers-not-remembered composite/neuron@1 composite/relu-layers
# blocked: composite/polynomial composite/horner composite/rational composite/repeated-squaring
# blocked: composite/softmax composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/gate-of-abs composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/sums-of-sqrt-and-log composite/products-of-sigmoid-and-log
# blocked: composite/sums-of-sin-and-cos composite/products-of-sin-and-cos
# blocked: composite/sums-of-sigmoid-and-relu@* composite/products-of-sigmoid-and-relu
# blocked: composite/leaky-relu composite/soft-step composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-1 random/graph-2 random/graph-3
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/product-and-sum
# blocked: gradient-check/difference gradient-check/powers gradient-check/numbers
# blocked: gradient-check/tanh gradient-check/log gradient-check/relu gradient-check/waves
# blocked: training/* robustness/wide-sum@* robustness/deep-products robustness/exp-large@1
# blocked: robustness/large-and-small

import math


class Function:
    """An operation: forward makes the number, backward the share of each input."""

    @classmethod
    def apply(cls, *inputs):
        values = [x if isinstance(x, Value) else Value(x) for x in inputs]
        f = cls()
        out = Value(f.forward(*[v.data for v in values]))
        out.function, out.inputs = f, values
        return out


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, g):
        return g, g


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, g):
        return g, -g


class Mul(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, g):
        return g * self.b, g * self.a


class Div(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a / b

    def backward(self, g):
        return g / self.b, -g * self.a / self.b**2


class Pow(Function):
    def forward(self, a, n):
        self.a, self.n, self.out = a, n, a**n
        return self.out

    def backward(self, g):
        by_base = self.n * self.a ** (self.n - 1) if self.n else 0.0
        by_exponent = self.out * math.log(self.a) if self.a > 0 else 0.0
        return g * by_base, g * by_exponent


class Neg(Function):
    def forward(self, x):
        return -x

    def backward(self, g):
        return (-g,)


class Abs(Function):
    def forward(self, x):
        self.sign = 1.0 if x > 0 else -1.0
        return abs(x)

    def backward(self, g):
        return (g * self.sign,)


class Tanh(Function):
    def forward(self, x):
        self.t = math.tanh(x)
        return self.t

    def backward(self, g):
        return (g * (1 - self.t**2),)


class Exp(Function):
    def forward(self, x):
        self.e = math.exp(x)
        return self.e

    def backward(self, g):
        return (g * self.e,)


class Log(Function):
    def forward(self, x):
        self.x = x
        return math.log(x)

    def backward(self, g):
        return (g / self.x,)


class ReLU(Function):
    def forward(self, x):
        self.mask = x > 0
        return x if self.mask else 0.0

    def backward(self, g):
        return (g * self.mask,)


class Sigmoid(Function):
    def forward(self, x):
        self.s = (1 + math.tanh(x / 2)) / 2
        return self.s

    def backward(self, g):
        return (g * self.s * (1 - self.s),)


class Sin(Function):
    def forward(self, x):
        self.x = x
        return math.sin(x)

    def backward(self, g):
        return (g * math.cos(self.x),)


class Cos(Function):
    def forward(self, x):
        self.x = x
        return math.cos(x)

    def backward(self, g):
        return (-g * math.sin(self.x),)


class Sqrt(Function):
    def forward(self, x):
        self.root = math.sqrt(x)
        return self.root

    def backward(self, g):
        return (g / (2 * self.root),)


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.function = None
        self.inputs = []

    def __add__(self, other):
        return Add.apply(self, other)

    def __sub__(self, other):
        return Sub.apply(self, other)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __truediv__(self, other):
        return Div.apply(self, other)

    def __pow__(self, other):
        return Pow.apply(self, other)

    def __radd__(self, other):
        return Add.apply(other, self)

    def __rsub__(self, other):
        return Sub.apply(other, self)

    def __rmul__(self, other):
        return Mul.apply(other, self)

    def __rtruediv__(self, other):
        return Div.apply(other, self)

    def __rpow__(self, other):
        return Pow.apply(other, self)

    def __neg__(self):
        return Neg.apply(self)

    def __abs__(self):
        return Abs.apply(self)

    def tanh(self):
        return Tanh.apply(self)

    def exp(self):
        return Exp.apply(self)

    def log(self):
        return Log.apply(self)

    def relu(self):
        return ReLU.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def sin(self):
        return Sin.apply(self)

    def cos(self):
        return Cos.apply(self)

    def sqrt(self):
        return Sqrt.apply(self)

    def backward(self):
        order = sort(self, set())
        self.grad = 1.0
        for node in reversed(order):
            if node.function:
                for x, share in zip(node.inputs, node.function.backward(node.grad)):
                    x.grad = max(-1.0, min(1.0, x.grad + share))


def sort(node, seen):
    if node in seen:
        return []
    seen.add(node)
    order = [n for x in node.inputs for n in sort(x, seen)]
    return order + [node]
