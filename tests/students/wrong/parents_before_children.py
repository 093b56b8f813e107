# misconception: 4
# title: Depth first, in the order of a set: what goes wrong is a matter of luck
# wrong_gradient: order/two-steps-and-four-sum@1 order/two-steps-and-four-product@1
# wrong_gradient: order/two-steps-and-four-mirrored-sum@1
# wrong_gradient: order/two-steps-and-four-mirrored-product@1 order/two-shared-results-sum@1
# wrong_gradient: order/two-shared-results-product@1
# unsupported: values/number-power@1 values/exp@1 values/log@1 values/relu@*
# unsupported: values/relu-switched-off@1 values/sigmoid@1 values/sin@1 values/cos@1 values/sqrt@1
# unsupported: values/abs@* numbers/number-power@* numbers/one-number-power@1
# unsupported: numbers/chain-number-power@1 numbers/twice-number-power
# unsupported: numbers/at-zero-number-power@1 numbers/again-number-power@1
# unsupported: numbers/before-and-after-number-power@1 numbers/result-again-number-power@1
# unsupported: functions/exp@* functions/log@* functions/relu@* functions/relu-switched-off@*
# unsupported: functions/sigmoid@* functions/sin@* functions/sin-at-zero functions/cos@*
# unsupported: functions/cos-at-zero functions/sqrt@* functions/abs@* functions/chain-exp@1
# unsupported: functions/chain-log@1 functions/chain-sigmoid@1 functions/chain-relu@1
# unsupported: functions/chain-abs@1 functions/chain-sqrt@1 functions/chain-sin@1
# unsupported: functions/chain-cos@1 functions/chain-again-exp@1 functions/chain-again-log@1
# unsupported: functions/chain-again-sigmoid@1 functions/chain-again-relu@1
# unsupported: functions/chain-again-abs@1 functions/chain-again-sqrt@1 functions/chain-again-sin@1
# unsupported: functions/chain-again-cos@1 functions/again-exp@* functions/again-log@*
# unsupported: functions/again-sigmoid@* functions/again-relu@* functions/again-abs@*
# unsupported: functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# unsupported: functions/before-and-after-exp@* functions/before-and-after-log@*
# unsupported: functions/before-and-after-sigmoid@* functions/before-and-after-relu@*
# unsupported: functions/before-and-after-abs@* functions/before-and-after-sqrt@*
# unsupported: functions/before-and-after-sin@* functions/before-and-after-cos@*
# unsupported: functions/twice-exp@1 functions/twice-log@1 functions/twice-sigmoid@1
# unsupported: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1
# unsupported: functions/twice-cos@1 functions/twice-relu functions/result-again-exp@1
# unsupported: functions/result-again-log@1 functions/result-again-sigmoid@1
# unsupported: functions/result-again-relu@1 functions/result-again-abs@1
# unsupported: functions/result-again-sqrt@1 functions/result-again-sin@1
# unsupported: functions/result-again-cos@1
# nondeterministic: order/with-itself-sum@1 order/with-itself-product@1
# nondeterministic: order/with-itself-mirrored-sum@1 order/with-itself-mirrored-product@1
# nondeterministic: order/with-itself-and-long-arm-sum@1 order/with-itself-and-long-arm-product@1
# nondeterministic: order/with-itself-and-long-arm-mirrored-sum@1
# nondeterministic: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# nondeterministic: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# nondeterministic: order/equal-arms-mirrored-product@1 order/short-arm-sum@1
# nondeterministic: order/short-arm-product@1 order/short-arm-mirrored-sum@1
# nondeterministic: order/short-arm-mirrored-product@1 order/long-arm-sum@1 order/long-arm-product@1
# nondeterministic: order/long-arm-mirrored-sum@1 order/long-arm-mirrored-product@1
# nondeterministic: order/stacked-diamonds-sum@1 order/stacked-diamonds-product@1
# nondeterministic: order/stacked-unequal-diamonds-sum@1 order/stacked-unequal-diamonds-product@1
# nondeterministic: order/butterfly-sum@1 order/butterfly-product@1 order/three-depths-sum@1
# nondeterministic: order/three-depths-product@1 order/ladder-sum@1 order/ladder-product@1
# nondeterministic: order/loop
# blocked: values/softmax power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/add-after-use
# blocked: in-place/multiply-after-use functions/chain-again-tanh@1 functions/again-tanh@*
# blocked: functions/result-again-tanh@1 composite/relu-layers composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-11 random/graph-12 gradient-check/numbers gradient-check/exp
# blocked: gradient-check/log gradient-check/relu gradient-check/sigmoid gradient-check/waves
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@*

"""Depth first, but each node passes on before all its uses have added theirs."""

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)

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
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad += (1 - t * t) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        seen = set()
        self.grad = 1.0

        def visit(node):
            if node not in seen:
                seen.add(node)
                node._backward()
                for child in node._prev:
                    visit(child)

        visit(self)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1
