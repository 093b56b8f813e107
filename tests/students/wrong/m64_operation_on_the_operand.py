# misconception: 64
# title: The operation is noted on the operand: self.op where out.op is due
# error: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# error: rules/product-of-1-and-2 rules/product-with-0-and-1@* rules/product-with-constant
# error: rules/product-of-three@1 rules/product-beside-a-number@* robustness/sigmoid-far-out@3
# blocked: worked-example/* pass/left-of-a-product pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/unrelated-result rules/chain-of-sum rules/chain-of-products@*
# blocked: power/power-again@* power/constant-times-power@* power/chain-of-power@*
# blocked: power/before-and-after-power@1 operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/quotient-by-1@* operators/opposite-of-zero
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 numbers/multiply-number@*
# blocked: numbers/number-multiply@* numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# blocked: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# blocked: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-divide-number@1 numbers/chain-number-divide@1 numbers/chain-number-power@1
# blocked: numbers/twice-add-number numbers/twice-number-add numbers/twice-subtract-number
# blocked: numbers/twice-number-subtract numbers/twice-multiply-number numbers/twice-number-multiply
# blocked: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1 numbers/sum-from-zero
# blocked: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/alone-multiply-in-place@1 in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/zero-add-number-in-place@1 in-place/zero-subtract-number-in-place@1
# blocked: in-place/zero-multiply-number-in-place@1 in-place/zero-power-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@*
# blocked: in-place/zero-and-one-multiply-in-place@* in-place/zero-and-one-divide-in-place@*
# blocked: in-place/one-and-zero-multiply-in-place@1 in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/equal-operands-multiply-in-place@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/in-place-after-use in-place/add-after-use
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-multiply-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-multiply-in-place@1
# blocked: functions/cos-at-zero functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# blocked: functions/chain-sigmoid@1 functions/chain-relu@1 functions/chain-abs@1
# blocked: functions/chain-sqrt@1 functions/chain-sin@1 functions/chain-cos@1
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/before-and-after-exp@* functions/before-and-after-log@*
# blocked: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-log@1
# blocked: functions/twice-tanh@1 functions/twice-sigmoid@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1 reuse/product-twice@*
# blocked: reuse/product-of-three reuse/same-pair-again-product@1 reuse/two-products
# blocked: reuse/three-products reuse/fan-out reuse/again-both-sum@1 reuse/again-both-product@1
# blocked: reuse/before-and-after-both-sum@1 reuse/before-and-after-both-product@1
# blocked: equal-numbers/leaves-in-product@1 equal-numbers/two-products
# blocked: equal-numbers/products-at-two-depths equal-numbers/three-products
# blocked: equal-numbers/leaf-and-product equal-numbers/along-a-chain-of-products
# blocked: order/with-itself-product@1 order/with-itself-mirrored-product@1
# blocked: order/with-itself-and-long-arm-product@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-product@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-product@1
# blocked: order/short-arm-mirrored-product@1 order/long-arm-product@1
# blocked: order/long-arm-mirrored-product@1 order/two-steps-and-four-product@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-product@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-product@1
# blocked: order/three-depths-product@1 order/two-shared-results-product@1 order/ladder-product@1
# blocked: order/loop state/unused-result state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/neuron@1
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/repeated-squaring composite/logistic-loss composite/distance
# blocked: composite/wave composite/swish composite/gated-unit composite/hinge composite/residual
# blocked: composite/ripple composite/decay composite/log-ratio composite/smooth-distance
# blocked: composite/entropy composite/growth composite/interference composite/long-chain
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/products-of-sigmoid-and-log
# blocked: composite/products-of-sin-and-cos composite/products-of-sigmoid-and-relu
# blocked: composite/leaky-relu composite/soft-step composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/* training/* robustness/stacked-diamonds@*
# blocked: robustness/deep-products robustness/large-and-small

import math


class Value:
    def __init__(self, data, op="", args=()):
        self.data = float(data)
        self.grad = 0.0
        self.op = op
        self.args = args

    def step(self):
        if self.op == "+":
            a, b = self.args
            a.grad += self.grad
            b.grad += self.grad
        elif self.op == "-":
            a, b = self.args
            a.grad += self.grad
            b.grad -= self.grad
        elif self.op == "*":
            a, b = self.args
            a.grad += b.data * self.grad
            b.grad += a.data * self.grad
        elif self.op == "/":
            a, b = self.args
            a.grad += self.grad / b.data
            b.grad -= self.grad * a.data / b.data**2
        elif self.op == "**":
            a, n = self.args[0], self.n
            a.grad += n * a.data ** (n - 1) * self.grad if n else 0.0
        elif self.op == "c**":
            self.args[0].grad += math.log(self.n) * self.data * self.grad
        elif self.op == "neg":
            self.args[0].grad -= self.grad
        elif self.op == "abs":
            a = self.args[0]
            a.grad += self.grad if a.data > 0 else -self.grad
        elif self.op == "relu":
            a = self.args[0]
            a.grad += self.grad if a.data > 0 else 0.0
        elif self.op == "tanh":
            self.args[0].grad += (1 - self.data**2) * self.grad
        elif self.op == "exp":
            self.args[0].grad += self.data * self.grad
        elif self.op == "log":
            a = self.args[0]
            a.grad += self.grad / a.data
        elif self.op == "sigmoid":
            self.args[0].grad += self.data * (1 - self.data) * self.grad
        elif self.op == "sin":
            a = self.args[0]
            a.grad += math.cos(a.data) * self.grad
        elif self.op == "cos":
            a = self.args[0]
            a.grad -= math.sin(a.data) * self.grad
        elif self.op == "sqrt":
            self.args[0].grad += 0.5 / self.data * self.grad

    def backward(self):
        order = []
        seen = set()

        def visit(node):
            seen.add(node)
            for arg in node.args:
                if arg not in seen:
                    visit(arg)
            order.append(node)

        visit(self)
        self.grad = 1.0
        while order:
            order.pop().step()

    def __add__(self, other):
        other = to_value(other)
        return Value(self.data + other.data, "+", (self, other))

    def __sub__(self, other):
        other = to_value(other)
        return Value(self.data - other.data, "-", (self, other))

    def __mul__(self, other):
        other = to_value(other)
        out = Value(self.data * other.data, "", (self, other))
        self.op = "*"
        return out

    def __truediv__(self, other):
        other = to_value(other)
        return Value(self.data / other.data, "/", (self, other))

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        out = Value(self.data**n, "**", (self,))
        out.n = n
        return out

    def __rpow__(self, c):
        out = Value(c**self.data, "c**", (self,))
        out.n = c
        return out

    def __radd__(self, other):
        return to_value(other) + self

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __neg__(self):
        return Value(-self.data, "neg", (self,))

    def __abs__(self):
        return Value(abs(self.data), "abs", (self,))

    def relu(self):
        return Value(max(0.0, self.data), "relu", (self,))

    def tanh(self):
        return Value(math.tanh(self.data), "tanh", (self,))

    def exp(self):
        return Value(math.exp(self.data), "exp", (self,))

    def log(self):
        return Value(math.log(self.data), "log", (self,))

    def sigmoid(self):
        return Value(1 / (1 + math.exp(-self.data)), "sigmoid", (self,))

    def sin(self):
        return Value(math.sin(self.data), "sin", (self,))

    def cos(self):
        return Value(math.cos(self.data), "cos", (self,))

    def sqrt(self):
        return Value(math.sqrt(self.data), "sqrt", (self,))


def to_value(x):
    return x if isinstance(x, Value) else Value(x)
