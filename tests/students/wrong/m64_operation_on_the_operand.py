# misconception: 64
# title: The operation is noted on the operand: self.op where out.op is due
# error: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# error: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# error: robustness/sigmoid-far-out@3
# blocked: worked-example/* pass/left-of-a-product pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/power-again@* rules/constant-times-power@* rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: numbers/multiply-number@* numbers/number-multiply@* numbers/multiply-zero
# blocked: numbers/zero-multiply numbers/multiply-one numbers/one-multiply
# blocked: numbers/chain-add-number@1 numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/sum-from-zero
# blocked: numbers/whole-tanh numbers/whole-sum-of-products in-place/alone-multiply-in-place@1
# blocked: in-place/alone-with-multiply-number-in-place@1 in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/numbers-in-place in-place/chain-in-place in-place/in-place-after-use
# blocked: functions/chain-exp@* functions/chain-log@* functions/chain-tanh@*
# blocked: functions/chain-sigmoid@* functions/chain-relu@* functions/chain-abs@*
# blocked: functions/chain-sqrt@* functions/chain-sin@* functions/chain-cos@* reuse/product-twice@*
# blocked: reuse/product-of-three reuse/two-products reuse/three-products reuse/fan-out
# blocked: reuse/again-opposite@1 reuse/again-power@1 reuse/again-add-number@1
# blocked: reuse/again-number-add@1 reuse/again-subtract-number@1 reuse/again-number-subtract@1
# blocked: reuse/again-multiply-number@1 reuse/again-number-multiply@1 reuse/again-divide-number@1
# blocked: reuse/again-number-divide@1 reuse/again-number-power@1 reuse/again-add-number-in-place@1
# blocked: reuse/again-subtract-number-in-place@1 reuse/again-multiply-number-in-place@1
# blocked: reuse/again-divide-number-in-place@1 reuse/again-power-number-in-place@1
# blocked: reuse/again-exp@1 reuse/again-log@1 reuse/again-tanh@1 reuse/again-sigmoid@1
# blocked: reuse/again-relu@1 reuse/again-abs@1 reuse/again-sqrt@1 reuse/again-sin@1
# blocked: reuse/again-cos@1 reuse/before-and-after-opposite@1 reuse/before-and-after-power@1
# blocked: reuse/before-and-after-add-number@1 reuse/before-and-after-number-add@1
# blocked: reuse/before-and-after-subtract-number@1 reuse/before-and-after-number-subtract@1
# blocked: reuse/before-and-after-multiply-number@1 reuse/before-and-after-number-multiply@1
# blocked: reuse/before-and-after-divide-number@1 reuse/before-and-after-number-divide@1
# blocked: reuse/before-and-after-number-power@1 reuse/before-and-after-add-number-in-place@1
# blocked: reuse/before-and-after-subtract-number-in-place@1
# blocked: reuse/before-and-after-multiply-number-in-place@1
# blocked: reuse/before-and-after-divide-number-in-place@1
# blocked: reuse/before-and-after-power-number-in-place@1 reuse/before-and-after-exp@1
# blocked: reuse/before-and-after-log@1 reuse/before-and-after-tanh@1
# blocked: reuse/before-and-after-sigmoid@1 reuse/before-and-after-relu@1
# blocked: reuse/before-and-after-abs@1 reuse/before-and-after-sqrt@1 reuse/before-and-after-sin@1
# blocked: reuse/before-and-after-cos@1 reuse/again-both-sum@1 reuse/again-both-difference@1
# blocked: reuse/again-both-product@1 reuse/again-both-quotient@1 reuse/again-both-add-in-place@1
# blocked: reuse/again-both-subtract-in-place@1 reuse/again-both-multiply-in-place@1
# blocked: reuse/again-both-divide-in-place@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-difference@1 reuse/before-and-after-both-product@1
# blocked: reuse/before-and-after-both-quotient@1 reuse/before-and-after-both-add-in-place@1
# blocked: reuse/before-and-after-both-subtract-in-place@1
# blocked: reuse/before-and-after-both-multiply-in-place@1
# blocked: reuse/before-and-after-both-divide-in-place@1 equal-numbers/* order/with-itself-product@1
# blocked: order/with-itself-mirrored-product@1 order/equal-arms-product@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-product@1
# blocked: order/short-arm-mirrored-product@1 order/long-arm-product@1
# blocked: order/long-arm-mirrored-product@1 order/two-steps-and-four-product@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-product@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-product@1
# blocked: order/three-depths-product@1 order/two-shared-results-product@1 order/ladder-product@1
# blocked: order/loop order/loop-with-tanh order/result-again-opposite@1 order/result-again-power@1
# blocked: order/result-again-add-number@1 order/result-again-number-add@1
# blocked: order/result-again-subtract-number@1 order/result-again-number-subtract@1
# blocked: order/result-again-multiply-number@1 order/result-again-number-multiply@1
# blocked: order/result-again-divide-number@1 order/result-again-number-divide@1
# blocked: order/result-again-number-power@1 order/result-again-add-number-in-place@1
# blocked: order/result-again-subtract-number-in-place@1
# blocked: order/result-again-multiply-number-in-place@1 order/result-again-divide-number-in-place@1
# blocked: order/result-again-power-number-in-place@1 order/result-again-exp@1
# blocked: order/result-again-log@1 order/result-again-tanh@1 order/result-again-sigmoid@1
# blocked: order/result-again-relu@1 order/result-again-abs@1 order/result-again-sqrt@1
# blocked: order/result-again-sin@1 order/result-again-cos@1 order/results-again-sum@1
# blocked: order/results-again-difference@1 order/results-again-product@1
# blocked: order/results-again-quotient@1 order/results-again-add-in-place@1
# blocked: order/results-again-subtract-in-place@1 order/results-again-multiply-in-place@1
# blocked: order/results-again-divide-in-place@1 state/unused-result state/unused-result-made-last
# blocked: state/backward-in-the-middle state/backward-above-the-middle state/second-graph-untouched
# blocked: state/first-graph-untouched state/one-graph-after-the-other state/both-made-first
# blocked: state/same-numbers-twice state/forward-after-backward state/numbers-not-remembered
# blocked: composite/neuron@1 composite/two-layers composite/relu-layers composite/polynomial
# blocked: composite/horner composite/rational composite/repeated-squaring composite/logistic-loss
# blocked: composite/wave composite/swish composite/gated-unit composite/hinge composite/residual
# blocked: composite/ripple composite/decay composite/log-ratio composite/smooth-distance
# blocked: composite/entropy composite/growth composite/interference composite/long-chain
# blocked: random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/*
# blocked: training/* robustness/stacked-diamonds@* robustness/deep-products
# blocked: robustness/large-and-small

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
