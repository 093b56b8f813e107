# misconception: 64
# title: topo.append(visited): the set, not the node
# wrong_gradient: pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# wrong_gradient: pass/right-of-a-product
# blocked: worked-example/* pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/unrelated-result rules/sum@*
# blocked: rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four rules/product@*
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-with-0-and-1@* rules/product-with-constant rules/product-of-three@1
# blocked: rules/product-beside-a-number@* rules/chain-of-sum rules/chain-of-products@*
# blocked: power/power@* power/power-twice@* power/power-one@* power/power-of-one
# blocked: power/power-at-zero power/power-of-a-negative-number@* power/power-again@*
# blocked: power/constant-times-power@* power/chain-of-power@* power/chain-of-powers@*
# blocked: power/two-powers power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: power/result-again-power@1 operators/difference@* operators/difference-with-zero@*
# blocked: operators/quotient@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite@* operators/opposite-of-zero operators/chain-difference@1
# blocked: operators/chain-quotient@1 operators/chain-of-opposite@1 operators/difference-twice
# blocked: operators/again-opposite@1 operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/equal-operands-difference@1
# blocked: operators/equal-operands-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/* in-place/* functions/tanh@*
# blocked: functions/tanh-at-zero functions/exp@* functions/log@* functions/relu@*
# blocked: functions/relu-switched-off@* functions/sigmoid@* functions/sin@* functions/sin-at-zero
# blocked: functions/cos@1 functions/cos@2 functions/cos@4 functions/cos-at-zero functions/sqrt@*
# blocked: functions/abs@* functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# blocked: functions/chain-sigmoid@1 functions/chain-abs@1 functions/chain-sqrt@1
# blocked: functions/chain-sin@1 functions/chain-cos@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-relu@* functions/again-abs@* functions/again-sqrt@* functions/again-sin@*
# blocked: functions/again-cos@* functions/before-and-after-exp@* functions/before-and-after-log@*
# blocked: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-log@1
# blocked: functions/twice-tanh@1 functions/twice-sigmoid@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1 functions/twice-relu
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 reuse/* equal-numbers/* order/* state/* composite/* random/*
# blocked: gradient-check/* training/* robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/sigmoid-far-out@3
# blocked: robustness/exp-large@* robustness/large-and-small

import math


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = tuple(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        if isinstance(other, Value):
            return (self.log() * other).exp()
        out = Value(self.data**other, (self,), f"**{other}")

        def _backward():
            if other != 0:
                self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, base):
        out = Value(base**self.data, (self,), f"{base}**")

        def _backward():
            self.grad += out.data * math.log(base) * out.grad

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

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        out = Value(s, (self,), "sigmoid")

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,), "sin")

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,), "cos")

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,), "abs")

        def _backward():
            self.grad += math.copysign(1, self.data) * out.grad

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
                topo.append(visited)

        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            if isinstance(node, Value):
                node._backward()
