# misconception: 2
# title: The power alone assigns its share with =, where several operations are missing
# wrong_gradient: reuse/quotient-twice reuse/quotient-then-product reuse/power-then-product
# wrong_gradient: reuse/two-powers order/quotient-of-a-result order/power-of-a-result
# unsupported: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# unsupported: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@* functions/abs@*
# blocked: operators/chain-of-number-divide operators/chain-of-number-power functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/exp-reused reuse/log-reused
# blocked: reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused
# blocked: reuse/sqrt-reused reuse/abs-reused order/exp-of-a-result order/log-of-a-result
# blocked: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# blocked: order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result composite/relu-layers
# blocked: composite/polynomial composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave random/graph-2 random/graph-3
# blocked: random/graph-5 random/graph-6 random/graph-8 random/graph-10 random/graph-11
# blocked: gradient-check/powers gradient-check/exp gradient-check/log gradient-check/relu
# blocked: gradient-check/sigmoid gradient-check/waves robustness/sigmoid-far-out@*
# blocked: robustness/exp-large@*

"""Gradients are added up everywhere but in the power, which assigns."""

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
            self.grad = other * self.data ** (other - 1) * out.grad

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
