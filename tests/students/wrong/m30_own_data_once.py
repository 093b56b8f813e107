# misconception: 30
# title: Multiplication gives the right factor its own data
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-0-and-1@* rules/product-with-constant
# wrong_gradient: rules/product-of-three@1 rules/product-beside-a-number@*
# blocked: worked-example/leaves pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/chain-of-sum rules/chain-of-products@* power/power-again@*
# blocked: power/constant-times-power@* power/chain-of-power@* power/before-and-after-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite-of-zero operators/chain-difference@1 operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 numbers/number-multiply@*
# blocked: numbers/zero-add-number@1 numbers/zero-number-add@1 numbers/zero-subtract-number@1
# blocked: numbers/zero-number-subtract@1 numbers/zero-multiply-number@1
# blocked: numbers/zero-number-multiply@1 numbers/zero-number-divide@1 numbers/one-add-number@1
# blocked: numbers/one-number-add@1 numbers/one-subtract-number@1 numbers/one-number-subtract@1
# blocked: numbers/one-multiply-number@1 numbers/one-number-multiply@1 numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/one-number-power@1 numbers/chain-add-number@1
# blocked: numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/twice-add-number
# blocked: numbers/twice-number-add numbers/twice-subtract-number numbers/twice-number-subtract
# blocked: numbers/twice-number-multiply numbers/minus-one-multiply-number@1
# blocked: numbers/minus-one-number-multiply@1 numbers/minus-one-divide-number@1
# blocked: numbers/minus-one-number-divide@1 numbers/at-zero-number-multiply@1 numbers/sum-from-zero
# blocked: numbers/again-number-multiply@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/result-again-number-multiply@1 numbers/whole-leaves numbers/whole-tanh
# blocked: numbers/whole-sum-of-products in-place/alone-multiply-in-place@1
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
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/in-place-after-use in-place/add-after-use
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-multiply-in-place@1
# blocked: in-place/itself-divide-in-place@1 in-place/again-add-number-in-place@1
# blocked: in-place/again-subtract-number-in-place@1 in-place/again-multiply-number-in-place@1
# blocked: in-place/again-divide-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/again-both-add-in-place@1 in-place/again-both-subtract-in-place@1
# blocked: in-place/again-both-multiply-in-place@1 in-place/again-both-divide-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1 functions/cos-at-zero
# blocked: functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
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
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1 reuse/product-of-three
# blocked: reuse/same-pair-again-product@1 reuse/two-products reuse/three-products reuse/fan-out
# blocked: reuse/again-both-sum@1 reuse/again-both-product@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-product@1 equal-numbers/leaves-in-product@1
# blocked: equal-numbers/two-products equal-numbers/products-at-two-depths
# blocked: equal-numbers/three-products equal-numbers/leaf-and-product
# blocked: equal-numbers/along-a-chain-of-products order/with-itself-product@1
# blocked: order/with-itself-mirrored-product@1 order/with-itself-and-long-arm-product@1
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
# blocked: state/forward-after-backward composite/neuron@1 composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/long-chain composite/products-of-exp-and-tanh@*
# blocked: composite/gate-of-abs composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/products-of-sigmoid-and-log composite/products-of-sin-and-cos
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-3
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/product-and-sum gradient-check/difference
# blocked: gradient-check/quotient gradient-check/powers gradient-check/tanh gradient-check/exp
# blocked: gradient-check/log gradient-check/relu gradient-check/sigmoid gradient-check/waves
# blocked: training/* robustness/stacked-diamonds@* robustness/deep-products
# blocked: robustness/large-and-small

"""One class, one long if: every node remembers which operation made it."""
import math


class Value:
    def __init__(self, data, prev=(), op=""):
        self.data = data
        self.grad = 0.0
        self.prev = list(prev)
        self.op = op

    def _bin(self, other, op):
        if not isinstance(other, Value):
            other = Value(other)
        a, b = self.data, other.data
        if op == "+":
            result = a + b
        elif op == "-":
            result = a - b
        elif op == "*":
            result = a * b
        elif op == "/":
            result = a / b
        else:
            result = a**b
        return Value(result, (self, other), op)

    def _fun(self, result, op):
        return Value(result, (self,), op)

    def __add__(self, other):
        return self._bin(other, "+")

    def __sub__(self, other):
        return self._bin(other, "-")

    def __mul__(self, other):
        return self._bin(other, "*")

    def __truediv__(self, other):
        return self._bin(other, "/")

    def __pow__(self, other):
        return self._bin(other, "**")

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other) ** self

    def __neg__(self):
        return self._fun(-self.data, "neg")

    def __abs__(self):
        return self._fun(abs(self.data), "abs")

    def tanh(self):
        return self._fun(math.tanh(self.data), "tanh")

    def exp(self):
        return self._fun(math.exp(self.data), "exp")

    def log(self):
        return self._fun(math.log(self.data), "log")

    def relu(self):
        return self._fun(max(0.0, self.data), "relu")

    def sigmoid(self):
        return self._fun((1 + math.tanh(self.data / 2)) / 2, "sigmoid")

    def sin(self):
        return self._fun(math.sin(self.data), "sin")

    def cos(self):
        return self._fun(math.cos(self.data), "cos")

    def sqrt(self):
        return self._fun(math.sqrt(self.data), "sqrt")

    def _propagate(self):
        g, out = self.grad, self.data
        if not self.prev:
            return
        x = self.prev[0]
        y = self.prev[-1]
        if self.op == "+":
            x.grad += g
            y.grad += g
        elif self.op == "-":
            x.grad += g
            y.grad -= g
        elif self.op == "*":
            x.grad += g * y.data
            y.grad += g * y.data
        elif self.op == "/":
            x.grad += g / y.data
            y.grad -= g * x.data / (y.data * y.data)
        elif self.op == "**":
            if y.data != 0:
                x.grad += g * y.data * x.data ** (y.data - 1)
            if x.data > 0:
                y.grad += g * out * math.log(x.data)
        elif self.op == "neg":
            x.grad -= g
        elif self.op == "abs":
            x.grad += g if x.data > 0 else -g
        elif self.op == "tanh":
            x.grad += g * (1 - out * out)
        elif self.op == "exp":
            x.grad += g * out
        elif self.op == "log":
            x.grad += g / x.data
        elif self.op == "relu":
            x.grad += g if x.data > 0 else 0.0
        elif self.op == "sigmoid":
            x.grad += g * out * (1 - out)
        elif self.op == "sin":
            x.grad += g * math.cos(x.data)
        elif self.op == "cos":
            x.grad -= g * math.sin(x.data)
        elif self.op == "sqrt":
            x.grad += g / (2 * out)

    def _walk(self, seen, order):
        if id(self) in seen:
            return
        seen.add(id(self))
        for child in self.prev:
            child._walk(seen, order)
        order.append(self)

    def backward(self):
        order = []
        self._walk(set(), order)
        self.grad = 1.0
        while order:
            order.pop()._propagate()
