# misconception: 1
# title: Gradients are assigned with = where += is due, and the functions are missing
# wrong_gradient: reuse/sum-twice@* reuse/product-twice@* reuse/difference-twice
# wrong_gradient: reuse/quotient-twice reuse/sum-of-three reuse/product-of-three reuse/two-products
# wrong_gradient: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# wrong_gradient: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# wrong_gradient: reuse/opposite-then-product reuse/power-then-product reuse/two-powers
# wrong_gradient: reuse/tanh-reused order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/quotient-of-a-result order/power-of-a-result
# wrong_gradient: order/difference-of-a-result order/opposite-of-a-result
# unsupported: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# unsupported: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@* functions/abs@*
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/in-place-and-again functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/exp-reused reuse/log-reused
# blocked: reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused
# blocked: reuse/sqrt-reused reuse/abs-reused reuse/same-function-twice order/exp-of-a-result
# blocked: order/log-of-a-result order/relu-of-a-result order/sigmoid-of-a-result
# blocked: order/sin-of-a-result order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result
# blocked: order/long-chain state/unused-result composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/horner composite/rational composite/repeated-squaring
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/* training/line
# blocked: training/network robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/sigmoid-far-out@* robustness/exp-large@*

"""Gradients are assigned with = where += is due: a reused value keeps only its last share."""

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad = out.grad
            other.grad = out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad = other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad = (1 - t * t) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1
