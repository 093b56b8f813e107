# misconception: 2
# title: The power alone assigns its share with =, where several operations are missing
# wrong_gradient: power/power-twice@* power/power-at-zero power/power-again@* power/two-powers
# wrong_gradient: power/again-power@1 power/before-and-after-power@1 power/twice-power
# wrong_gradient: power/result-again-power@1 operators/quotient-by-1@* operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/before-and-after-both-quotient@1
# wrong_gradient: operators/pairs-quotient@1 operators/uneven-results-quotient@1
# wrong_gradient: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
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
# blocked: values/softmax numbers/zero-number-divide@1 numbers/one-number-divide@1
# blocked: numbers/twice-number-divide numbers/minus-one-number-divide@1
# blocked: numbers/again-number-divide@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-number-divide@1 in-place/zero-power-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/twice-power-in-place
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/again-power-number-in-place@1 in-place/before-and-after-power-number-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-divide-in-place@1
# blocked: composite/relu-layers composite/polynomial composite/rational composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/reciprocals
# blocked: composite/odds composite/potential composite/harmonic composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-5 random/graph-10 random/graph-12
# blocked: gradient-check/powers gradient-check/numbers gradient-check/exp gradient-check/log
# blocked: gradient-check/relu gradient-check/sigmoid gradient-check/waves
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@*

"""Gradients are added up everywhere but in the power, which assigns."""

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

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
            self.grad = other * self.data ** (other - 1) * out.grad

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
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()

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
