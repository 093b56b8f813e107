# misconception: 46
# title: Gradients are clipped as they are added
# wrong_gradient: rules/product@* rules/product-with-constant rules/power@1 rules/power@2
# wrong_gradient: rules/power@3 rules/power@5 rules/power@7 rules/power@8 rules/power@9
# wrong_gradient: rules/power@11 operators/quotient@2 operators/number-power@* functions/exp@2
# wrong_gradient: functions/exp@4 functions/log@1 functions/log@4 reuse/sum-twice@*
# wrong_gradient: reuse/sum-of-three reuse/two-sums order/tanh-of-a-result order/relu-of-a-result
# wrong_gradient: order/sigmoid-of-a-result order/sin-of-a-result order/cos-of-a-result
# wrong_gradient: order/sqrt-of-a-result
# blocked: worked-example/* rules/unrelated-value rules/product-with-zero
# blocked: rules/product-with-zero-on-the-right rules/product-of-1-and-2 rules/product-of-three@1
# blocked: rules/product-of-three@2 rules/power-of-one rules/constant-times-power@*
# blocked: rules/chain-of-sum rules/chain-of-products@* rules/chain-of-power@*
# blocked: rules/chain-of-powers@* rules/chain-of-tanh@1 operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/multiply-number@1
# blocked: operators/number-multiply@1 operators/divide-number@2 operators/number-divide@2
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/multiply-in-place
# blocked: operators/divide-in-place operators/numbers-in-place operators/chain-in-place
# blocked: operators/in-place-and-again operators/in-place-after-use functions/tanh-in-a-chain
# blocked: functions/exp-in-a-chain functions/log-in-a-chain functions/relu-in-a-chain@1
# blocked: functions/sigmoid-in-a-chain functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/product-twice@*
# blocked: reuse/product-of-three reuse/two-products reuse/three-products reuse/fan-out
# blocked: reuse/sum-then-product reuse/product-then-sum reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/two-powers reuse/log-reused reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused
# blocked: reuse/sqrt-reused reuse/abs-reused reuse/same-function-twice reuse/equal-leaves-product
# blocked: reuse/equal-leaves-function reuse/equal-leaves-difference reuse/equal-leaves-quotient
# blocked: reuse/equal-leaves-sum reuse/equal-results-product reuse/equal-results-apart
# blocked: reuse/equal-leaf-and-result reuse/equal-along-a-chain order/chain order/equal-arms
# blocked: order/product-of-itself order/short-arm-left order/short-arm-right order/long-arm-left
# blocked: order/long-arm-right order/one-step-and-two order/two-steps-and-one
# blocked: order/stacked-diamonds order/stacked-unequal-diamonds
# blocked: order/stacked-unequal-diamonds-mirrored order/butterfly order/three-depths
# blocked: order/three-depths-mirrored order/two-shared-nodes order/ladder order/loop-of-sums
# blocked: order/loop-with-tanh order/exp-of-a-result order/log-of-a-result
# blocked: order/quotient-of-a-result order/power-of-a-result order/difference-of-a-result
# blocked: order/opposite-of-a-result state/unused-result state/unused-result-made-last
# blocked: state/backward-in-the-middle state/backward-above-the-middle state/second-graph-untouched
# blocked: state/first-graph-untouched state/one-graph-after-the-other state/both-made-first
# blocked: state/forward-after-backward state/numbers-not-remembered composite/neuron@*
# blocked: composite/relu-layers composite/polynomial composite/horner composite/repeated-squaring
# blocked: composite/logistic-loss composite/wave random/graph-4 random/graph-5 random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/product-and-sum gradient-check/difference gradient-check/powers
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
