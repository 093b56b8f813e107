# misconception: 1, 33
# title: = where += is due, and 1 - x as x - 1
# wrong_value: operators/number-subtract@*
# wrong_gradient: reuse/sum-twice@* reuse/product-twice@* reuse/difference-twice
# wrong_gradient: reuse/quotient-twice reuse/sum-of-three reuse/product-of-three reuse/two-products
# wrong_gradient: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# wrong_gradient: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# wrong_gradient: reuse/opposite-then-product reuse/power-then-product reuse/two-powers
# wrong_gradient: reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# wrong_gradient: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused
# wrong_gradient: reuse/abs-reused order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# wrong_gradient: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# wrong_gradient: order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result
# wrong_gradient: order/quotient-of-a-result order/power-of-a-result order/difference-of-a-result
# wrong_gradient: order/opposite-of-a-result
# blocked: operators/zero-subtract operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/in-place-and-again reuse/same-function-twice
# blocked: order/long-chain state/unused-result composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/horner composite/rational composite/repeated-squaring
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss composite/wave
# blocked: random/graph-2 random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/* training/line training/network robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

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
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad = other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Value(other**self.data, (self,))

        def _backward():
            self.grad = math.log(other) * out.data * out.grad

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
        return self - other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad = (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def _backward():
            self.grad = out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,))

        def _backward():
            self.grad = out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad = (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Value(s, (self,))

        def _backward():
            self.grad = s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))

        def _backward():
            self.grad = math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,))

        def _backward():
            self.grad = -math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,))

        def _backward():
            self.grad = (1 if self.data > 0 else -1) * out.grad

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
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()
