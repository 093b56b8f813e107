# misconception: 24
# title: The power rule without its factor n
# wrong_gradient: power/power@* power/power-twice@* power/power-of-one power/power-zero
# wrong_gradient: power/power-of-a-negative-number@* power/power-again@1 power/power-again@3
# wrong_gradient: power/power-again@4 power/power-again@5 power/constant-times-power@*
# wrong_gradient: power/chain-of-power@* power/chain-of-powers@* power/two-powers
# wrong_gradient: power/again-power@1 power/before-and-after-power@1 power/twice-power
# wrong_gradient: power/result-again-power@1 operators/quotient@* operators/quotient-by-1@2
# wrong_gradient: operators/quotient-by-1@3 operators/chain-quotient@1 operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/before-and-after-both-quotient@1
# wrong_gradient: operators/pairs-quotient@1 operators/equal-operands-quotient@1
# wrong_gradient: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-quotient@1
# wrong_gradient: operators/results-again-quotient@1 functions/sqrt@* functions/chain-sqrt@1
# wrong_gradient: functions/chain-again-sqrt@1 functions/again-sqrt@*
# wrong_gradient: functions/before-and-after-sqrt@* functions/twice-sqrt@1
# wrong_gradient: functions/result-again-sqrt@1
# blocked: numbers/number-divide@* numbers/one-number-divide@1 numbers/chain-number-divide@1
# blocked: numbers/twice-number-divide numbers/minus-one-number-divide@1
# blocked: numbers/again-number-divide@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-number-divide@1 numbers/whole-quotient
# blocked: numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-power-number-in-place@* in-place/zero-power-number-in-place@1
# blocked: in-place/powers@3 in-place/powers@4 in-place/zero-and-one-divide-in-place@2
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-power-in-place in-place/equal-operands-divide-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-divide-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 composite/two-layers
# blocked: composite/polynomial composite/rational composite/softmax composite/distance
# blocked: composite/hinge composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/growth composite/sums-of-sqrt-and-log
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: random/graph-1 random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/powers gradient-check/numbers gradient-check/waves training/*

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)

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
            self.grad += self.data ** (other - 1) * out.grad

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
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()
