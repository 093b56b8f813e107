# misconception: 62
# title: backward follows the first operand of each node
# wrong_gradient: pass/sum-then-product-on-the-right pass/product-then-sum-on-the-right
# wrong_gradient: pass/three-steps-on-the-right pass/four-steps-on-the-right
# wrong_gradient: pass/four-steps-both-ways pass/six-steps-on-the-right pass/two-sides
# wrong_gradient: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# wrong_gradient: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# error: robustness/sigmoid-far-out@3
# blocked: power/constant-times-power@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/chain-number-add@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-number-divide@1 numbers/twice-add-number numbers/twice-number-add
# blocked: numbers/twice-subtract-number numbers/twice-number-subtract numbers/twice-multiply-number
# blocked: numbers/twice-number-multiply numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/twice-number-power numbers/sum-from-zero numbers/before-and-after-add-number@1
# blocked: numbers/before-and-after-number-add@1 numbers/before-and-after-subtract-number@1
# blocked: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# blocked: numbers/before-and-after-number-multiply@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 numbers/whole-sum-of-products
# blocked: in-place/chain-add-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-multiply-in-place@1 in-place/chain-divide-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/in-place-after-use
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
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1
# blocked: reuse/two-products reuse/three-products reuse/two-sums reuse/fan-out
# blocked: reuse/before-and-after-both-sum@1 reuse/before-and-after-both-product@1 equal-numbers/*
# blocked: order/with-itself-sum@1 order/with-itself-product@1 order/with-itself-and-long-arm-sum@1
# blocked: order/with-itself-and-long-arm-product@1 order/with-itself-and-long-arm-mirrored-sum@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# blocked: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-sum@1 order/short-arm-product@1
# blocked: order/long-arm-sum@1 order/long-arm-product@1 order/two-steps-and-four-sum@1
# blocked: order/two-steps-and-four-product@1 order/two-steps-and-four-mirrored-sum@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-sum@1
# blocked: order/stacked-diamonds-product@1 order/stacked-unequal-diamonds-sum@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-sum@1 order/butterfly-product@1
# blocked: order/two-shared-results-sum@1 order/two-shared-results-product@1 order/ladder-sum@1
# blocked: order/ladder-product@1 order/loop composite/neuron@1 composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/rational composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-1
# blocked: random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/product-and-sum
# blocked: gradient-check/difference gradient-check/quotient gradient-check/powers
# blocked: gradient-check/numbers gradient-check/tanh gradient-check/exp gradient-check/sigmoid
# blocked: gradient-check/waves training/line training/network robustness/deep-products
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
            if node.args and node.args[0] not in seen:
                visit(node.args[0])
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
        return Value(self.data * other.data, "*", (self, other))

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
