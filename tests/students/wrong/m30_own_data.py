# misconception: 30
# title: Multiplication gives each operand its own data
# wrong_gradient: rules/product@* rules/product-with-constant operators/difference@*
# wrong_gradient: operators/quotient@* operators/opposite@*
# blocked: worked-example/* rules/unrelated-value rules/product-with-zero
# blocked: rules/product-with-zero-on-the-right rules/product-of-1-and-2 rules/product-of-three@*
# blocked: rules/constant-times-power@* rules/chain-of-sum rules/chain-of-products@*
# blocked: rules/chain-of-power@* rules/chain-of-tanh@* operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/zero-subtract operators/multiply-zero
# blocked: operators/zero-multiply operators/zero-divide operators/multiply-one
# blocked: operators/one-multiply operators/divide-one operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/subtract-in-place
# blocked: operators/multiply-in-place operators/divide-in-place operators/numbers-in-place
# blocked: operators/chain-in-place operators/in-place-and-again operators/in-place-after-use
# blocked: functions/tanh-in-a-chain functions/exp-in-a-chain functions/log-in-a-chain
# blocked: functions/relu-in-a-chain@* functions/sigmoid-in-a-chain functions/sin-in-a-chain
# blocked: functions/cos-in-a-chain functions/sqrt-in-a-chain functions/abs-in-a-chain
# blocked: reuse/difference-twice reuse/quotient-twice reuse/product-of-three reuse/two-products
# blocked: reuse/three-products reuse/fan-out reuse/sum-then-product reuse/product-then-sum
# blocked: reuse/difference-then-product reuse/quotient-then-product reuse/opposite-then-product
# blocked: reuse/power-then-product reuse/tanh-reused reuse/exp-reused reuse/log-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-function reuse/equal-leaves-difference
# blocked: reuse/equal-leaves-quotient reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain
# blocked: order/chain order/equal-arms order/product-of-itself order/short-arm-left
# blocked: order/short-arm-right order/long-arm-left order/long-arm-right order/one-step-and-two
# blocked: order/two-steps-and-one order/stacked-diamonds order/stacked-unequal-diamonds
# blocked: order/stacked-unequal-diamonds-mirrored order/butterfly order/three-depths
# blocked: order/three-depths-mirrored order/two-shared-nodes order/ladder order/loop-of-sums
# blocked: order/loop-with-tanh order/quotient-of-a-result order/difference-of-a-result
# blocked: order/opposite-of-a-result order/long-chain state/unused-result
# blocked: state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/neuron@*
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave random/graph-2 random/graph-3
# blocked: random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/* training/*
# blocked: robustness/stacked-diamonds@* robustness/deep-products robustness/large-and-small

import math


class Tensor:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Tensor(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data * other.data, (self, other))

        def _backward():
            self.grad += self.data * out.grad
            other.grad += other.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Tensor(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Tensor(other**self.data, (self,))

        def _backward():
            self.grad += math.log(other) * out.data * out.grad

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
        out = Tensor(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Tensor(math.exp(self.data), (self,))

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Tensor(math.log(self.data), (self,))

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Tensor(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Tensor(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Tensor(math.sin(self.data), (self,))

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Tensor(math.cos(self.data), (self,))

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Tensor(abs(self.data), (self,))

        def _backward():
            self.grad += (1 if self.data > 0 else -1) * out.grad

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
