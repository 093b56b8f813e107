# misconception: 1
# title: Every operation assigns its shares with = where += is due
# wrong_gradient: reuse/*
# blocked: rules/product-with-0-and-1@* power/power-twice@* power/power-at-zero
# blocked: power/power-of-a-negative-number@* power/power-again@* power/two-powers
# blocked: power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: power/result-again-power@1 operators/quotient-by-1@* operators/opposite-of-zero
# blocked: operators/difference-twice operators/quotient-twice operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/equal-operands-difference@1
# blocked: operators/equal-operands-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/twice-add-number numbers/twice-number-add
# blocked: numbers/twice-subtract-number numbers/twice-number-subtract numbers/twice-multiply-number
# blocked: numbers/twice-number-multiply numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/twice-number-power numbers/minus-one-multiply-number@1
# blocked: numbers/minus-one-number-multiply@1 numbers/minus-one-divide-number@1
# blocked: numbers/minus-one-number-divide@1 numbers/at-zero-multiply-number@1
# blocked: numbers/at-zero-number-multiply@1 numbers/at-zero-divide-number@1
# blocked: numbers/at-zero-number-power@1 numbers/again-add-number@1 numbers/again-number-add@1
# blocked: numbers/again-subtract-number@1 numbers/again-number-subtract@1
# blocked: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# blocked: numbers/again-divide-number@1 numbers/again-number-divide@1 numbers/again-number-power@1
# blocked: numbers/before-and-after-add-number@1 numbers/before-and-after-number-add@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/before-and-after-number-power@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-sum-of-products in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/zero-power-number-in-place@1 in-place/one-add-number-in-place@1
# blocked: in-place/one-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@* in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/equal-operands-add-in-place@1
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/equal-operands-multiply-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-add-in-place@1
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
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-multiply-in-place@1
# blocked: in-place/itself-divide-in-place@1 in-place/again-add-number-in-place@1
# blocked: in-place/again-subtract-number-in-place@1 in-place/again-multiply-number-in-place@1
# blocked: in-place/again-divide-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/cos-at-zero
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-relu@* functions/again-sqrt@*
# blocked: functions/again-sin@* functions/again-cos@* functions/before-and-after-exp@*
# blocked: functions/before-and-after-log@* functions/before-and-after-tanh@*
# blocked: functions/before-and-after-sigmoid@* functions/before-and-after-relu@*
# blocked: functions/before-and-after-abs@* functions/before-and-after-sqrt@*
# blocked: functions/before-and-after-sin@* functions/before-and-after-cos@* functions/twice-exp@1
# blocked: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# blocked: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 equal-numbers/leaves-in-sum@1
# blocked: equal-numbers/leaves-in-product@1 order/* state/unused-result composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/repeated-squaring composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/long-chain composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/*
# blocked: training/line training/network robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products

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
            self.grad = out.grad
            other.grad = out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad = other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Value(other**self.data, (self,))

        def _backward():
            self.grad = math.log(other) * out.data * out.grad

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
            self.grad = (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def _backward():
            self.grad = out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,))

        def _backward():
            self.grad = out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad = (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Value(s, (self,))

        def _backward():
            self.grad = s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))

        def _backward():
            self.grad = math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,))

        def _backward():
            self.grad = -math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,))

        def _backward():
            self.grad = (1 if self.data > 0 else -1) * out.grad

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
