# misconception: 57
# title: The product gives the other operand this one's gradient
# wrong_value: training/network
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# wrong_gradient: operators/quotient@* operators/quotient-of-zero
# error: robustness/sigmoid-far-out@3
# blocked: worked-example/leaves pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/power-again@* rules/constant-times-power@* rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: numbers/chain-add-number@1 numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/sum-from-zero
# blocked: numbers/whole-quotient numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/alone-multiply-in-place@1 in-place/alone-divide-in-place@1
# blocked: in-place/chain-add-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-multiply-in-place@1 in-place/chain-divide-in-place@1
# blocked: in-place/chain-with-add-number-in-place@1 in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/numbers-in-place in-place/chain-in-place in-place/in-place-after-use
# blocked: functions/chain-exp@* functions/chain-log@* functions/chain-tanh@*
# blocked: functions/chain-sigmoid@* functions/chain-relu@* functions/chain-abs@*
# blocked: functions/chain-sqrt@* functions/chain-sin@* functions/chain-cos@* reuse/quotient-twice
# blocked: reuse/product-of-three reuse/two-products reuse/three-products reuse/fan-out
# blocked: reuse/again-opposite@1 reuse/again-power@1 reuse/again-add-number@1
# blocked: reuse/again-number-add@1 reuse/again-subtract-number@1 reuse/again-number-subtract@1
# blocked: reuse/again-multiply-number@1 reuse/again-number-multiply@1 reuse/again-divide-number@1
# blocked: reuse/again-number-divide@1 reuse/again-number-power@1 reuse/again-add-number-in-place@1
# blocked: reuse/again-subtract-number-in-place@1 reuse/again-multiply-number-in-place@1
# blocked: reuse/again-divide-number-in-place@1 reuse/again-power-number-in-place@1
# blocked: reuse/again-exp@1 reuse/again-log@1 reuse/again-tanh@1 reuse/again-sigmoid@1
# blocked: reuse/again-relu@1 reuse/again-abs@1 reuse/again-sqrt@1 reuse/again-sin@1
# blocked: reuse/again-cos@1 reuse/before-and-after-opposite@1 reuse/before-and-after-power@1
# blocked: reuse/before-and-after-add-number@1 reuse/before-and-after-number-add@1
# blocked: reuse/before-and-after-subtract-number@1 reuse/before-and-after-number-subtract@1
# blocked: reuse/before-and-after-multiply-number@1 reuse/before-and-after-number-multiply@1
# blocked: reuse/before-and-after-divide-number@1 reuse/before-and-after-number-divide@1
# blocked: reuse/before-and-after-number-power@1 reuse/before-and-after-add-number-in-place@1
# blocked: reuse/before-and-after-subtract-number-in-place@1
# blocked: reuse/before-and-after-multiply-number-in-place@1
# blocked: reuse/before-and-after-divide-number-in-place@1
# blocked: reuse/before-and-after-power-number-in-place@1 reuse/before-and-after-exp@1
# blocked: reuse/before-and-after-log@1 reuse/before-and-after-tanh@1
# blocked: reuse/before-and-after-sigmoid@1 reuse/before-and-after-relu@1
# blocked: reuse/before-and-after-abs@1 reuse/before-and-after-sqrt@1 reuse/before-and-after-sin@1
# blocked: reuse/before-and-after-cos@1 reuse/again-both-sum@1 reuse/again-both-difference@1
# blocked: reuse/again-both-product@1 reuse/again-both-quotient@1 reuse/again-both-add-in-place@1
# blocked: reuse/again-both-subtract-in-place@1 reuse/again-both-multiply-in-place@1
# blocked: reuse/again-both-divide-in-place@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-difference@1 reuse/before-and-after-both-product@1
# blocked: reuse/before-and-after-both-quotient@1 reuse/before-and-after-both-add-in-place@1
# blocked: reuse/before-and-after-both-subtract-in-place@1
# blocked: reuse/before-and-after-both-multiply-in-place@1
# blocked: reuse/before-and-after-both-divide-in-place@1 equal-numbers/* order/with-itself-product@1
# blocked: order/with-itself-mirrored-product@1 order/equal-arms-product@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-product@1
# blocked: order/short-arm-mirrored-product@1 order/long-arm-product@1
# blocked: order/long-arm-mirrored-product@1 order/two-steps-and-four-product@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-product@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-product@1
# blocked: order/three-depths-product@1 order/two-shared-results-product@1 order/ladder-product@1
# blocked: order/loop order/loop-with-tanh order/result-again-opposite@1 order/result-again-power@1
# blocked: order/result-again-add-number@1 order/result-again-number-add@1
# blocked: order/result-again-subtract-number@1 order/result-again-number-subtract@1
# blocked: order/result-again-multiply-number@1 order/result-again-number-multiply@1
# blocked: order/result-again-divide-number@1 order/result-again-number-divide@1
# blocked: order/result-again-number-power@1 order/result-again-add-number-in-place@1
# blocked: order/result-again-subtract-number-in-place@1
# blocked: order/result-again-multiply-number-in-place@1 order/result-again-divide-number-in-place@1
# blocked: order/result-again-power-number-in-place@1 order/result-again-exp@1
# blocked: order/result-again-log@1 order/result-again-tanh@1 order/result-again-sigmoid@1
# blocked: order/result-again-relu@1 order/result-again-abs@1 order/result-again-sqrt@1
# blocked: order/result-again-sin@1 order/result-again-cos@1 order/results-again-sum@1
# blocked: order/results-again-difference@1 order/results-again-product@1
# blocked: order/results-again-quotient@1 order/results-again-add-in-place@1
# blocked: order/results-again-subtract-in-place@1 order/results-again-multiply-in-place@1
# blocked: order/results-again-divide-in-place@1 state/unused-result state/unused-result-made-last
# blocked: state/backward-in-the-middle state/backward-above-the-middle state/second-graph-untouched
# blocked: state/first-graph-untouched state/one-graph-after-the-other state/both-made-first
# blocked: state/same-numbers-twice state/forward-after-backward composite/neuron@1
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/softmax composite/logistic-loss composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/long-chain random/graph-3
# blocked: random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/product-and-sum
# blocked: gradient-check/difference gradient-check/quotient gradient-check/powers
# blocked: gradient-check/tanh gradient-check/exp gradient-check/log gradient-check/relu
# blocked: gradient-check/sigmoid gradient-check/waves training/one-step
# blocked: robustness/stacked-diamonds@* robustness/deep-products robustness/large-and-small

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
            other.grad += self.grad

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
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
