# misconception: 12
# title: The output's gradient is never set to 1
# wrong_gradient: rules/definition rules/unrelated-constant rules/sum@* rules/sum-of-1-and-2
# wrong_gradient: rules/product@* rules/product-with-constant rules/power@* rules/tanh@*
# wrong_gradient: operators/difference@* operators/quotient@* operators/opposite@*
# wrong_gradient: operators/number-power@* functions/exp@* functions/log@* functions/relu@1
# wrong_gradient: functions/relu@4 functions/relu@5 functions/sigmoid@* functions/sin@*
# wrong_gradient: functions/cos@1 functions/cos@2 functions/sqrt@* functions/abs@*
# blocked: worked-example/* rules/unrelated-value rules/sum-with-zero@* rules/sum-of-four
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/power-one@* rules/power-of-one
# blocked: rules/constant-times-power@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/add-number@*
# blocked: operators/number-add@* operators/subtract-number@* operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/add-zero operators/zero-add operators/subtract-zero
# blocked: operators/zero-subtract operators/multiply-one operators/one-multiply
# blocked: operators/divide-one operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/add-in-place
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/power-in-place operators/cube-in-place operators/numbers-in-place
# blocked: operators/chain-in-place operators/in-place-and-again operators/in-place-after-use
# blocked: functions/tanh@* functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@1 functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/sum-twice@*
# blocked: reuse/product-twice@* reuse/sum-of-three reuse/product-of-three reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# blocked: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# blocked: reuse/opposite-then-product reuse/power-then-product reuse/two-powers reuse/tanh-reused
# blocked: reuse/exp-reused reuse/log-reused reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused
# blocked: reuse/cos-reused reuse/sqrt-reused reuse/abs-reused reuse/same-function-twice
# blocked: reuse/equal-leaves-product reuse/equal-leaves-function reuse/equal-leaves-difference
# blocked: reuse/equal-leaves-quotient reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain
# blocked: order/chain order/equal-arms order/product-of-itself order/short-arm-left
# blocked: order/short-arm-right order/long-arm-left order/long-arm-right order/one-step-and-two
# blocked: order/two-steps-and-one order/stacked-diamonds order/stacked-unequal-diamonds
# blocked: order/stacked-unequal-diamonds-mirrored order/butterfly order/three-depths
# blocked: order/three-depths-mirrored order/two-shared-nodes order/ladder order/loop-of-sums
# blocked: order/loop-with-tanh order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# blocked: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# blocked: order/cos-of-a-result order/sqrt-of-a-result order/quotient-of-a-result
# blocked: order/power-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: order/long-chain state/* composite/* random/graph-1 random/graph-3 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/* training/*
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/exp-large@* robustness/large-and-small

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

        out._backward = _backward
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
        for v in reversed(topo):
            v._backward()
