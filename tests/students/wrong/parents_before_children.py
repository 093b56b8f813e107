# misconception: 4
# title: Depth first, in the order of a set: what goes wrong is a matter of luck
# wrong_gradient: operators/in-place-after-use order/equal-arms order/short-arm-left
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-unequal-diamonds
# wrong_gradient: order/stacked-unequal-diamonds-mirrored order/butterfly order/two-shared-nodes
# wrong_gradient: order/ladder order/loop-of-sums order/loop-with-tanh random/graph-4 random/graph-9
# unsupported: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# unsupported: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@* functions/abs@*
# nondeterministic: random/graph-5 random/graph-10 random/graph-11 random/graph-12
# blocked: operators/chain-of-number-power functions/exp-in-a-chain functions/log-in-a-chain
# blocked: functions/relu-in-a-chain@* functions/sigmoid-in-a-chain functions/sin-in-a-chain
# blocked: functions/cos-in-a-chain functions/sqrt-in-a-chain functions/abs-in-a-chain
# blocked: reuse/exp-reused reuse/log-reused reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused
# blocked: reuse/cos-reused reuse/sqrt-reused reuse/abs-reused composite/relu-layers
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave gradient-check/exp gradient-check/log
# blocked: gradient-check/relu gradient-check/sigmoid gradient-check/waves
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@*

"""Depth first, but each node passes on before all its uses have added theirs."""

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad += (1 - t * t) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        seen = set()
        self.grad = 1.0

        def visit(node):
            if node not in seen:
                seen.add(node)
                node._backward()
                for child in node._prev:
                    visit(child)

        visit(self)

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
