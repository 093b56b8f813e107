# misconception: 1, 27
# title: = where += is due, and tanh' from x
# wrong_gradient: rules/tanh@* reuse/sum-twice@* reuse/product-twice@* reuse/difference-twice
# wrong_gradient: reuse/quotient-twice reuse/sum-of-three reuse/product-of-three reuse/two-products
# wrong_gradient: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# wrong_gradient: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# wrong_gradient: reuse/opposite-then-product reuse/power-then-product reuse/two-powers
# wrong_gradient: reuse/exp-reused reuse/log-reused reuse/relu-reused reuse/sigmoid-reused
# wrong_gradient: reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# wrong_gradient: order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/exp-of-a-result
# wrong_gradient: order/log-of-a-result order/relu-of-a-result order/sigmoid-of-a-result
# wrong_gradient: order/sin-of-a-result order/cos-of-a-result order/sqrt-of-a-result
# wrong_gradient: order/abs-of-a-result order/quotient-of-a-result order/power-of-a-result
# wrong_gradient: order/difference-of-a-result order/opposite-of-a-result
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/chain-of-add-number
# blocked: operators/chain-of-number-add operators/chain-of-subtract-number
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power
# blocked: operators/in-place-and-again functions/tanh@* functions/tanh-in-a-chain reuse/tanh-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-function order/loop-with-tanh
# blocked: order/tanh-of-a-result order/long-chain state/unused-result state/same-numbers-twice
# blocked: composite/neuron@* composite/two-layers composite/relu-layers composite/polynomial
# blocked: composite/horner composite/rational composite/repeated-squaring composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/wave random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/*
# blocked: training/line training/network robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/tanh-far-out@*

import math


class Variable:
    def __init__(self, data, _children=()):
        self.data = data
        self.gradient = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Variable(data={self.data}, gradient={self.gradient})"

    def __add__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        out = Variable(self.data + other.data, (self, other))

        def _backward():
            self.gradient = out.gradient
            other.gradient = out.gradient

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        out = Variable(self.data * other.data, (self, other))

        def _backward():
            self.gradient = other.data * out.gradient
            other.gradient = self.data * out.gradient

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Variable(self.data**other, (self,))

        def _backward():
            self.gradient = other * self.data ** (other - 1) * out.gradient

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Variable(other**self.data, (self,))

        def _backward():
            self.gradient = math.log(other) * out.data * out.gradient

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return (-self) + other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.data)
        out = Variable(t, (self,))

        def _backward():
            self.gradient = (1 - self.data**2) * out.gradient

        out._backward = _backward
        return out

    def exp(self):
        out = Variable(math.exp(self.data), (self,))

        def _backward():
            self.gradient = out.data * out.gradient

        out._backward = _backward
        return out

    def log(self):
        out = Variable(math.log(self.data), (self,))

        def _backward():
            self.gradient = out.gradient / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Variable(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.gradient = (out.data > 0) * out.gradient

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Variable(s, (self,))

        def _backward():
            self.gradient = s * (1 - s) * out.gradient

        out._backward = _backward
        return out

    def sin(self):
        out = Variable(math.sin(self.data), (self,))

        def _backward():
            self.gradient = math.cos(self.data) * out.gradient

        out._backward = _backward
        return out

    def cos(self):
        out = Variable(math.cos(self.data), (self,))

        def _backward():
            self.gradient = -math.sin(self.data) * out.gradient

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Variable(abs(self.data), (self,))

        def _backward():
            self.gradient = (1 if self.data > 0 else -1) * out.gradient

        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.gradient = 1.0
        for v in reversed(topo):
            v._backward()
