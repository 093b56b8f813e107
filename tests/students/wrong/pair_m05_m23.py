# misconception: 5, 23
# title: Breadth-first once, and a power rule without what comes from above
# wrong_gradient: power/power-again@2 power/power-again@3 power/power-again@5
# wrong_gradient: power/constant-times-power@* power/chain-of-power@* power/chain-of-powers@*
# wrong_gradient: power/before-and-after-power@1 operators/quotient@* operators/quotient-of-zero
# wrong_gradient: operators/quotient-by-1@* operators/chain-quotient@1 operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/pairs-quotient@1
# wrong_gradient: operators/equal-operands-quotient@1 functions/chain-sqrt@1
# wrong_gradient: functions/before-and-after-sqrt@* functions/twice-sqrt@1 order/*
# blocked: power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/number-divide@* numbers/zero-number-divide@1
# blocked: numbers/one-number-divide@1 numbers/chain-number-divide@1 numbers/twice-number-divide
# blocked: numbers/minus-one-number-divide@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-quotient numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@2 in-place/powers@3
# blocked: in-place/powers@4 in-place/zero-and-one-divide-in-place@*
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-power-number-in-place@1
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
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-divide-in-place@1
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-abs@* functions/again-sqrt@*
# blocked: functions/again-sin@* functions/again-cos@* functions/result-again-exp@1
# blocked: functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/relu-layers composite/polynomial
# blocked: composite/rational composite/softmax composite/logistic-loss composite/distance
# blocked: composite/wave composite/swish composite/gated-unit composite/hinge composite/residual
# blocked: composite/ripple composite/decay composite/log-ratio composite/smooth-distance
# blocked: composite/entropy composite/growth composite/interference
# blocked: composite/sums-of-exp-and-tanh@1 composite/products-of-exp-and-tanh@*
# blocked: composite/gate-of-abs composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/sums-of-sqrt-and-log composite/products-of-sigmoid-and-log
# blocked: composite/sums-of-sin-and-cos composite/products-of-sin-and-cos
# blocked: composite/sums-of-sigmoid-and-relu@1 composite/products-of-sigmoid-and-relu
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@1 composite/products-of-relu-and-exp random/graph-5
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/quotient gradient-check/powers
# blocked: gradient-check/numbers gradient-check/waves training/line training/network

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
            self.grad += other * self.data ** (other - 1)

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
        self.grad = 1.0
        queue = [self]
        seen = {self}
        while queue:
            node = queue.pop(0)
            node._backward()
            for child in node._prev:
                if child not in seen:
                    seen.add(child)
                    queue.append(child)
