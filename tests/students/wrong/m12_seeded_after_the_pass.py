# misconception: 12
# title: The output's gradient is set to 1 after the pass
# wrong_gradient: rules/sum@* rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# wrong_gradient: power/power@* power/power-one@* power/power-of-one power/chain-of-powers@*
# wrong_gradient: operators/difference@* operators/quotient@* operators/opposite@*
# wrong_gradient: numbers/number-power@* functions/tanh@* functions/tanh-at-zero functions/exp@*
# wrong_gradient: functions/log@* functions/relu@* functions/sigmoid@* functions/sin@*
# wrong_gradient: functions/sin-at-zero functions/cos@1 functions/cos@2 functions/cos@4
# wrong_gradient: functions/sqrt@* functions/abs@*
# blocked: worked-example/* pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# blocked: pass/right-of-a-product pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/unrelated-result
# blocked: rules/product-with-0-and-1@* rules/product-beside-a-number@* rules/chain-of-sum
# blocked: rules/chain-of-products@* power/power-twice@* power/power-at-zero
# blocked: power/power-of-a-negative-number@* power/power-again@* power/constant-times-power@*
# blocked: power/chain-of-power@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite-of-zero operators/chain-difference@1 operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/difference-twice operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/add-number@* numbers/number-add@*
# blocked: numbers/subtract-number@* numbers/number-subtract@* numbers/multiply-number@*
# blocked: numbers/number-multiply@* numbers/divide-number@* numbers/number-divide@*
# blocked: numbers/zero-add-number@1 numbers/zero-number-add@1 numbers/zero-subtract-number@1
# blocked: numbers/zero-number-subtract@1 numbers/zero-multiply-number@1
# blocked: numbers/zero-number-multiply@1 numbers/zero-number-divide@1 numbers/one-add-number@1
# blocked: numbers/one-number-add@1 numbers/one-subtract-number@1 numbers/one-number-subtract@1
# blocked: numbers/one-multiply-number@1 numbers/one-number-multiply@1 numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/one-number-power@1 numbers/chain-add-number@1
# blocked: numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/twice-add-number
# blocked: numbers/twice-number-add numbers/twice-subtract-number numbers/twice-number-subtract
# blocked: numbers/twice-multiply-number numbers/twice-number-multiply numbers/twice-divide-number
# blocked: numbers/twice-number-divide numbers/twice-number-power
# blocked: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# blocked: numbers/at-zero-divide-number@1 numbers/at-zero-number-power@1 numbers/sum-from-zero
# blocked: numbers/again-add-number@1 numbers/again-number-add@1 numbers/again-subtract-number@1
# blocked: numbers/again-number-subtract@1 numbers/again-multiply-number@1
# blocked: numbers/again-number-multiply@1 numbers/again-divide-number@1
# blocked: numbers/again-number-divide@1 numbers/again-number-power@1
# blocked: numbers/before-and-after-add-number@1 numbers/before-and-after-number-add@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/before-and-after-number-power@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-quotient numbers/whole-number-divided numbers/divided-by-a-whole-number
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products in-place/*
# blocked: functions/relu-switched-off@* functions/cos-at-zero functions/chain-exp@1
# blocked: functions/chain-log@1 functions/chain-tanh@1 functions/chain-sigmoid@1
# blocked: functions/chain-abs@1 functions/chain-sqrt@1 functions/chain-sin@1 functions/chain-cos@1
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-relu@* functions/again-abs@*
# blocked: functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/before-and-after-exp@* functions/before-and-after-log@*
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
                topo.append(v)

        build_topo(self)
        for node in reversed(topo):
            node._backward()
        self.grad = 1.0
