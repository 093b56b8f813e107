# misconception: 16
# title: Multiplication forgets out._backward = _backward
# wrong_gradient: rules/product@* rules/product-with-constant operators/difference@*
# wrong_gradient: operators/quotient@* operators/opposite@*
# blocked: worked-example/* rules/unrelated-value rules/product-with-zero
# blocked: rules/product-with-zero-on-the-right rules/product-of-1-and-2 rules/product-of-three@*
# blocked: rules/constant-times-power@* rules/chain-of-sum rules/chain-of-products@*
# blocked: rules/chain-of-power@* rules/chain-of-tanh@* operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/zero-subtract operators/multiply-one
# blocked: operators/one-multiply operators/divide-one operators/chain-of-add-number
# blocked: operators/chain-of-number-add operators/chain-of-subtract-number
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power operators/sum-from-zero
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/numbers-in-place operators/chain-in-place operators/in-place-and-again
# blocked: operators/in-place-after-use functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@1 functions/sigmoid-in-a-chain
# blocked: functions/sin-in-a-chain functions/cos-in-a-chain functions/sqrt-in-a-chain
# blocked: functions/abs-in-a-chain reuse/product-twice@* reuse/difference-twice
# blocked: reuse/product-of-three reuse/two-products reuse/three-products reuse/fan-out
# blocked: reuse/sum-then-product reuse/product-then-sum reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-product reuse/equal-leaves-function
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
# blocked: state/forward-after-backward state/numbers-not-remembered composite/* random/graph-5
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/* training/* robustness/stacked-diamonds@*
# blocked: robustness/deep-products robustness/large-and-small

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
