# misconception: 30
# title: Multiplication gives each operand its own data
# wrong_gradient: rules/product@* rules/product-with-constant operators/difference@*
# wrong_gradient: operators/quotient@* operators/opposite@*
# blocked: worked-example/* rules/unrelated-value rules/product-with-zero rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/constant-times-power@* rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/quotient-of-zero operators/chain-of-difference operators/chain-of-quotient
# blocked: operators/chain-of-opposite operators/number-subtract@* operators/multiply-number@*
# blocked: operators/number-multiply@* operators/divide-number@* operators/number-divide@*
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/numbers-in-place operators/chain-in-place operators/in-place-and-again
# blocked: operators/in-place-after-use functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-in-a-chain functions/cos-in-a-chain functions/sqrt-in-a-chain
# blocked: functions/abs-in-a-chain reuse/difference-twice reuse/quotient-twice
# blocked: reuse/product-of-three reuse/two-products reuse/fan-out reuse/sum-then-product
# blocked: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# blocked: reuse/opposite-then-product reuse/power-then-product reuse/tanh-reused reuse/exp-reused
# blocked: reuse/log-reused reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused
# blocked: reuse/abs-reused reuse/same-function-twice reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain order/*
# blocked: state/unused-result state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/neuron@*
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave random/graph-1 random/graph-2
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
