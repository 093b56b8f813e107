# misconception: 30
# title: Multiplication gives the right factor its own data
# wrong_gradient: rules/product@* rules/product-with-constant
# blocked: worked-example/leaves rules/unrelated-value rules/product-with-zero
# blocked: rules/product-with-zero-on-the-right rules/product-of-1-and-2 rules/product-of-three@*
# blocked: rules/constant-times-power@* rules/chain-of-sum rules/chain-of-products@*
# blocked: rules/chain-of-power@* rules/chain-of-tanh@* operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/number-multiply@*
# blocked: operators/zero-multiply operators/one-multiply operators/chain-of-add-number
# blocked: operators/chain-of-number-add operators/chain-of-subtract-number
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power operators/sum-from-zero
# blocked: operators/multiply-in-place operators/numbers-in-place operators/chain-in-place
# blocked: operators/in-place-and-again operators/in-place-after-use functions/tanh-in-a-chain
# blocked: functions/exp-in-a-chain functions/log-in-a-chain functions/relu-in-a-chain@*
# blocked: functions/sigmoid-in-a-chain functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/product-of-three
# blocked: reuse/two-products reuse/three-products reuse/fan-out reuse/sum-then-product
# blocked: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# blocked: reuse/opposite-then-product reuse/power-then-product reuse/tanh-reused reuse/exp-reused
# blocked: reuse/log-reused reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused
# blocked: reuse/abs-reused reuse/same-function-twice reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-quotient reuse/equal-leaves-sum
# blocked: reuse/equal-results-product reuse/equal-results-apart reuse/equal-leaf-and-result
# blocked: reuse/equal-along-a-chain order/chain order/equal-arms order/product-of-itself
# blocked: order/short-arm-left order/short-arm-right order/long-arm-left order/long-arm-right
# blocked: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# blocked: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored order/butterfly
# blocked: order/three-depths order/three-depths-mirrored order/two-shared-nodes order/ladder
# blocked: order/loop-of-sums order/loop-with-tanh order/quotient-of-a-result
# blocked: order/difference-of-a-result order/opposite-of-a-result order/long-chain
# blocked: state/unused-result state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward composite/neuron@* composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/logistic-loss composite/wave random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/product-and-sum gradient-check/difference gradient-check/quotient
# blocked: gradient-check/powers gradient-check/tanh gradient-check/exp gradient-check/log
# blocked: gradient-check/relu gradient-check/sigmoid gradient-check/waves training/one-step
# blocked: training/network robustness/stacked-diamonds@* robustness/deep-products
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
