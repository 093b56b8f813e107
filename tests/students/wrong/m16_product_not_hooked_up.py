# misconception: 16
# title: Multiplication forgets out._backward = _backward
# wrong_gradient: rules/product@* rules/product-with-constant operators/difference@*
# wrong_gradient: operators/quotient@* operators/opposite@*
# blocked: worked-example/* rules/unrelated-value rules/product-with-zero rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/constant-times-power@* rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/quotient-of-zero operators/chain-of-difference operators/chain-of-quotient
# blocked: operators/chain-of-opposite operators/number-subtract@* operators/multiply-number@*
# blocked: operators/number-multiply@* operators/divide-number@* operators/number-divide@*
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/subtract-in-place operators/multiply-in-place
# blocked: operators/divide-in-place operators/numbers-in-place operators/chain-in-place
# blocked: operators/in-place-and-again operators/in-place-after-use functions/tanh-in-a-chain
# blocked: functions/exp-in-a-chain functions/log-in-a-chain functions/relu-in-a-chain@1
# blocked: functions/sigmoid-in-a-chain functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/product-twice@*
# blocked: reuse/difference-twice reuse/product-of-three reuse/two-products reuse/fan-out
# blocked: reuse/sum-then-product reuse/product-then-sum reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-product reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain order/*
# blocked: state/unused-result state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/* random/graph-1
# blocked: random/graph-2 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/*
# blocked: training/* robustness/stacked-diamonds@* robustness/deep-products
# blocked: robustness/large-and-small

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

        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Value(other**self.data, (self,))

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
        out = Value(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,))

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Value(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,))

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,))

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
