# misconception: 14
# title: The closure is stored on the left operand, where the next use overwrites it
# wrong_gradient: pass/sum-then-product-on-the-right pass/product-then-sum-on-the-right
# wrong_gradient: pass/three-steps-on-the-right pass/four-steps-on-the-right
# wrong_gradient: pass/four-steps-both-ways pass/six-steps-on-the-right pass/two-sides
# wrong_gradient: pass/two-sides-of-two-steps pass/four-products pass/longer-side-left
# wrong_gradient: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# blocked: power/constant-times-power@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/difference@* operators/difference-with-zero@* operators/quotient@*
# blocked: operators/quotient-by-1@2 operators/quotient-by-1@3 operators/chain-difference@1
# blocked: operators/chain-quotient@1 operators/difference-twice operators/quotient-twice
# blocked: operators/again-opposite@1 operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/equal-operands-difference@1
# blocked: operators/equal-operands-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/twice-add-number numbers/twice-number-add
# blocked: numbers/twice-subtract-number numbers/twice-number-subtract numbers/twice-multiply-number
# blocked: numbers/twice-number-multiply numbers/twice-divide-number numbers/twice-number-divide
# blocked: numbers/twice-number-power numbers/before-and-after-add-number@1
# blocked: numbers/before-and-after-number-add@1 numbers/before-and-after-subtract-number@1
# blocked: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# blocked: numbers/before-and-after-number-multiply@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 numbers/whole-quotient numbers/whole-sum-of-products
# blocked: in-place/alone-subtract-in-place@1 in-place/alone-divide-in-place@1
# blocked: in-place/zero-and-one-divide-in-place@2 in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/twice-add-in-place
# blocked: in-place/twice-subtract-in-place in-place/twice-multiply-in-place
# blocked: in-place/twice-divide-in-place in-place/twice-power-in-place
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/equal-operands-divide-in-place@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/in-place-after-use in-place/add-after-use in-place/multiply-after-use
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-subtract-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-abs@* functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
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
# blocked: functions/result-again-cos@1 reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1
# blocked: reuse/two-products reuse/three-products reuse/two-sums reuse/fan-out
# blocked: reuse/before-and-after-both-sum@1 reuse/before-and-after-both-product@1 equal-numbers/*
# blocked: order/with-itself-sum@1 order/with-itself-product@1 order/with-itself-and-long-arm-sum@1
# blocked: order/with-itself-and-long-arm-product@1 order/with-itself-and-long-arm-mirrored-sum@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# blocked: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# blocked: order/equal-arms-mirrored-product@1 order/short-arm-sum@1 order/short-arm-product@1
# blocked: order/long-arm-sum@1 order/long-arm-product@1 order/two-steps-and-four-sum@1
# blocked: order/two-steps-and-four-product@1 order/two-steps-and-four-mirrored-sum@1
# blocked: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-sum@1
# blocked: order/stacked-diamonds-product@1 order/stacked-unequal-diamonds-sum@1
# blocked: order/stacked-unequal-diamonds-product@1 order/butterfly-sum@1 order/butterfly-product@1
# blocked: order/two-shared-results-sum@1 order/two-shared-results-product@1 order/ladder-sum@1
# blocked: order/ladder-product@1 order/loop state/unused-result-made-last composite/neuron@1
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/rational
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave composite/swish composite/gated-unit composite/hinge
# blocked: composite/ripple composite/decay composite/log-ratio composite/smooth-distance
# blocked: composite/entropy composite/growth composite/interference
# blocked: composite/sums-of-exp-and-tanh@1 composite/products-of-exp-and-tanh@*
# blocked: composite/gate-of-abs composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/sums-of-sqrt-and-log composite/products-of-sigmoid-and-log
# blocked: composite/sums-of-sin-and-cos composite/products-of-sin-and-cos
# blocked: composite/sums-of-sigmoid-and-relu@* composite/products-of-sigmoid-and-relu
# blocked: composite/soft-step composite/reciprocals composite/odds composite/potential
# blocked: composite/harmonic composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp
# blocked: random/graph-1 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/quotient gradient-check/powers gradient-check/numbers gradient-check/tanh
# blocked: gradient-check/waves training/* robustness/deep-products robustness/large-and-small

import math


class Node:
    def __init__(self, val, _children=()):
        self.val = val
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Node(val={self.val}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.val + other.val, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        self._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.val * other.val, (self, other))

        def _backward():
            self.grad += other.val * out.grad
            other.grad += self.val * out.grad

        self._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Node(self.val**other, (self,))

        def _backward():
            self.grad += other * self.val ** (other - 1) * out.grad

        self._backward = _backward
        return out

    def __rpow__(self, other):
        out = Node(other**self.val, (self,))

        def _backward():
            self.grad += math.log(other) * out.val * out.grad

        self._backward = _backward
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
        t = math.tanh(self.val)
        out = Node(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        self._backward = _backward
        return out

    def exp(self):
        out = Node(math.exp(self.val), (self,))

        def _backward():
            self.grad += out.val * out.grad

        self._backward = _backward
        return out

    def log(self):
        out = Node(math.log(self.val), (self,))

        def _backward():
            self.grad += out.grad / self.val

        self._backward = _backward
        return out

    def relu(self):
        out = Node(self.val if self.val > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.val > 0) * out.grad

        self._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.val / 2)) / 2
        out = Node(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        self._backward = _backward
        return out

    def sin(self):
        out = Node(math.sin(self.val), (self,))

        def _backward():
            self.grad += math.cos(self.val) * out.grad

        self._backward = _backward
        return out

    def cos(self):
        out = Node(math.cos(self.val), (self,))

        def _backward():
            self.grad -= math.sin(self.val) * out.grad

        self._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Node(abs(self.val), (self,))

        def _backward():
            self.grad += (1 if self.val > 0 else -1) * out.grad

        self._backward = _backward
        return out

    def backwards(self):
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
