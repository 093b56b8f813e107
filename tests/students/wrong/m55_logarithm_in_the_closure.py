# misconception: 55
# title: The closure of x ** n computes log(x) for plain numbers too
# error: power/power@2 power/power-twice@1 power/power-twice@2 power/power-twice@5 power/power-one@*
# error: power/power-at-zero power/power-of-a-negative-number@* power/power-again@2
# error: power/power-again@3 power/power-again@4 power/power-again@5 power/constant-times-power@2
# error: power/chain-of-power@1 power/chain-of-powers@2 power/again-power@1
# error: power/result-again-power@1 operators/quotient@1 operators/quotient@3
# error: operators/quotient-by-1@3 operators/quotient-twice
# error: operators/before-and-after-both-quotient@1 operators/pairs-quotient@1
# error: robustness/sigmoid-far-out@3
# blocked: numbers/chain-number-divide@1 numbers/again-number-divide@1
# blocked: numbers/result-again-number-divide@1 in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-power-number-in-place@1 in-place/powers@*
# blocked: in-place/chain-with-power-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 composite/two-layers
# blocked: composite/polynomial composite/rational composite/distance composite/ripple
# blocked: composite/smooth-distance composite/reciprocals composite/odds composite/harmonic
# blocked: random/graph-1 random/graph-5 random/graph-6 random/graph-8 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/quotient gradient-check/powers training/*

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
            by_base = other * self.data ** (other - 1) if other else 0.0
            by_exponent = out.data * math.log(self.data)
            for node, slope in ((self, by_base), (other, by_exponent)):
                if isinstance(node, Value):
                    node.grad += slope * out.grad

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
