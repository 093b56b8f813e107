# misconception: 64
# title: out._backward = _backward is indented into _backward
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-0-and-1@* rules/product-with-constant
# wrong_gradient: rules/product-of-three@1 rules/product-beside-a-number@* operators/difference@*
# wrong_gradient: operators/quotient@* operators/opposite@* operators/difference-twice
# wrong_gradient: operators/again-opposite@1 operators/before-and-after-both-difference@1
# wrong_gradient: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# wrong_gradient: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# wrong_gradient: operators/results-again-difference@1 operators/results-again-quotient@1
# error: robustness/sigmoid-far-out@3
# blocked: worked-example/* pass/left-of-a-product pass/right-of-a-product pass/sum-then-product
# blocked: pass/sum-then-product-on-the-right pass/product-then-sum
# blocked: pass/product-then-sum-on-the-right pass/three-products pass/three-steps
# blocked: pass/three-steps-on-the-right pass/four-steps pass/four-steps-on-the-right
# blocked: pass/four-steps-both-ways pass/six-steps pass/six-steps-on-the-right pass/two-sides
# blocked: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# blocked: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: rules/unrelated-value rules/chain-of-sum rules/chain-of-products@* power/power-again@*
# blocked: power/constant-times-power@* power/chain-of-power@* power/before-and-after-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite-of-zero operators/chain-difference@1 operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 numbers/number-subtract@*
# blocked: numbers/multiply-number@* numbers/number-multiply@* numbers/divide-number@*
# blocked: numbers/number-divide@* numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# blocked: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# blocked: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-divide-number@1 numbers/chain-number-divide@1 numbers/chain-number-power@1
# blocked: numbers/twice-add-number numbers/twice-number-add numbers/twice-subtract-number
# blocked: numbers/twice-number-subtract numbers/twice-multiply-number numbers/twice-number-multiply
# blocked: numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# blocked: numbers/at-zero-divide-number@1 numbers/sum-from-zero numbers/again-number-subtract@1
# blocked: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# blocked: numbers/again-divide-number@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# blocked: numbers/before-and-after-number-multiply@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/whole-quotient numbers/whole-number-divided numbers/divided-by-a-whole-number
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/alone-subtract-in-place@1 in-place/alone-multiply-in-place@1
# blocked: in-place/alone-divide-in-place@1 in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/alone-with-divide-number-in-place@* in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/zero-power-number-in-place@1 in-place/one-add-number-in-place@1
# blocked: in-place/one-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@2 in-place/powers@3 in-place/powers@4
# blocked: in-place/zero-and-one-multiply-in-place@* in-place/zero-and-one-divide-in-place@*
# blocked: in-place/one-and-zero-multiply-in-place@1 in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/equal-operands-multiply-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/in-place-after-use in-place/add-after-use
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-multiply-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/cos-at-zero
# blocked: functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# blocked: functions/chain-sigmoid@1 functions/chain-abs@1 functions/chain-sqrt@1
# blocked: functions/chain-sin@1 functions/chain-cos@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/before-and-after-exp@*
# blocked: functions/before-and-after-log@* functions/before-and-after-tanh@*
# blocked: functions/before-and-after-sigmoid@* functions/before-and-after-relu@*
# blocked: functions/before-and-after-abs@* functions/before-and-after-sqrt@*
# blocked: functions/before-and-after-sin@* functions/before-and-after-cos@* functions/twice-exp@1
# blocked: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# blocked: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: reuse/product-twice@* reuse/product-of-three reuse/same-pair-again-product@1
# blocked: reuse/two-products reuse/three-products reuse/fan-out reuse/again-both-sum@1
# blocked: reuse/again-both-product@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-product@1 equal-numbers/leaves-in-product@1
# blocked: equal-numbers/two-products equal-numbers/products-at-two-depths
# blocked: equal-numbers/three-products equal-numbers/leaf-and-product
# blocked: equal-numbers/along-a-chain-of-products order/with-itself-product@1
# blocked: order/with-itself-mirrored-product@1 order/with-itself-and-long-arm-product@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-product@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-product@1
# blocked: order/short-arm-mirrored-product@1 order/long-arm-product@1
# blocked: order/long-arm-mirrored-product@1 order/two-steps-and-four-product@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-product@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-product@1
# blocked: order/three-depths-product@1 order/two-shared-results-product@1 order/ladder-product@1
# blocked: order/loop state/unused-result state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/neuron@1
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/repeated-squaring composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/long-chain
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/products-of-sigmoid-and-log
# blocked: composite/products-of-sin-and-cos composite/products-of-sigmoid-and-relu
# blocked: composite/leaky-relu composite/soft-step composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/* training/* robustness/stacked-diamonds@*
# blocked: robustness/deep-products robustness/large-and-small

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
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
