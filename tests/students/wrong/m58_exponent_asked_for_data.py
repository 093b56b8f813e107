# misconception: 58
# title: x ** n asks the number n for its data in the closure
# error: power/power@* power/power-twice@* power/power-one@* power/power-of-one power/power-at-zero
# error: power/power-of-a-negative-number@* power/power-again@2 power/power-again@3
# error: power/power-again@5 power/constant-times-power@* power/chain-of-power@*
# error: power/chain-of-powers@* power/two-powers power/again-power@1 power/before-and-after-power@1
# error: power/twice-power power/result-again-power@1 operators/quotient@*
# error: operators/quotient-of-zero operators/quotient-by-1@* operators/chain-quotient@1
# error: operators/quotient-twice operators/again-both-quotient@1
# error: operators/before-and-after-both-quotient@1 operators/pairs-quotient@1
# error: operators/equal-operands-quotient@1 operators/uneven-results-quotient@1
# error: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# error: functions/sqrt@* functions/chain-sqrt@1 functions/chain-again-sqrt@1 functions/again-sqrt@*
# error: functions/before-and-after-sqrt@* functions/twice-sqrt@1 functions/result-again-sqrt@1
# error: robustness/sigmoid-far-out@3
# blocked: numbers/number-divide@* numbers/zero-number-divide@1 numbers/one-number-divide@1
# blocked: numbers/chain-number-divide@1 numbers/twice-number-divide
# blocked: numbers/minus-one-number-divide@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-number-divide@1
# blocked: numbers/whole-quotient numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-power-number-in-place@* in-place/one-power-number-in-place@1
# blocked: in-place/powers@* in-place/zero-and-one-divide-in-place@*
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
                self.grad += other.data * self.data ** (other.data - 1) * out.grad

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
