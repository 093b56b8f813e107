# misconception: 60
# title: -x is self * -1 in a class that takes no plain numbers
# unsupported: values/add-number@1 values/number-add@1 values/subtract-number@1
# unsupported: values/number-subtract@1 values/multiply-number@1 values/number-multiply@1
# unsupported: values/divide-number@1 values/number-divide@1 numbers/add-number@*
# unsupported: numbers/number-add@* numbers/subtract-number@* numbers/number-subtract@1
# unsupported: numbers/multiply-number@* numbers/number-multiply@* numbers/divide-number@2
# unsupported: numbers/number-divide@* numbers/zero-add-number@1 numbers/zero-number-add@1
# unsupported: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# unsupported: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# unsupported: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# unsupported: numbers/one-subtract-number@1 numbers/one-number-subtract@1
# unsupported: numbers/one-multiply-number@1 numbers/one-number-multiply@1
# unsupported: numbers/one-number-divide@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# unsupported: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# unsupported: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# unsupported: numbers/chain-number-divide@1 numbers/twice-add-number numbers/twice-number-add
# unsupported: numbers/twice-subtract-number numbers/twice-number-subtract
# unsupported: numbers/twice-multiply-number numbers/twice-number-multiply
# unsupported: numbers/twice-number-divide numbers/minus-one-multiply-number@1
# unsupported: numbers/minus-one-number-multiply@1 numbers/minus-one-number-divide@1
# unsupported: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# unsupported: numbers/sum-from-zero numbers/again-add-number@1 numbers/again-number-add@1
# unsupported: numbers/again-subtract-number@1 numbers/again-number-subtract@1
# unsupported: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# unsupported: numbers/again-number-divide@1 numbers/before-and-after-add-number@1
# unsupported: numbers/before-and-after-number-add@1 numbers/before-and-after-subtract-number@1
# unsupported: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# unsupported: numbers/before-and-after-number-multiply@1 numbers/before-and-after-number-divide@1
# unsupported: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# unsupported: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# unsupported: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# unsupported: numbers/result-again-number-divide@1 numbers/divided-by-a-whole-number
# error: values/difference@1 values/opposite@1 operators/difference@*
# error: operators/difference-with-zero@* operators/opposite@* operators/opposite-of-zero
# error: operators/chain-difference@1 operators/chain-of-opposite@1 operators/difference-twice
# error: operators/again-opposite@1 operators/before-and-after-opposite@1
# error: operators/again-both-difference@1 operators/before-and-after-both-difference@1
# error: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# error: operators/equal-operands-difference@1 operators/uneven-results-difference@1
# error: operators/uneven-results-mirrored-difference@1 operators/results-again-difference@1
# error: numbers/divide-number@1 numbers/one-divide-number@1 numbers/chain-divide-number@1
# error: numbers/twice-divide-number numbers/minus-one-divide-number@1
# error: numbers/at-zero-divide-number@1 numbers/again-divide-number@1
# error: numbers/before-and-after-divide-number@1 numbers/result-again-divide-number@1
# error: numbers/whole-number-divided robustness/sigmoid-far-out@3
# blocked: values/add-number-in-place values/subtract-in-place@1 values/subtract-number-in-place
# blocked: values/multiply-number-in-place values/divide-number-in-place
# blocked: values/quotient-of-differences numbers/number-subtract@2
# blocked: in-place/alone-subtract-in-place@1 in-place/alone-with-add-number-in-place@*
# blocked: in-place/alone-with-subtract-number-in-place@*
# blocked: in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/alone-with-divide-number-in-place@* in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/twice-add-in-place
# blocked: in-place/twice-subtract-in-place in-place/twice-multiply-in-place
# blocked: in-place/twice-divide-in-place in-place/equal-operands-subtract-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/itself-subtract-in-place@1
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/again-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1 state/numbers-not-remembered
# blocked: composite/two-layers composite/rational composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/gated-unit
# blocked: composite/hinge composite/decay composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic random/graph-6 random/graph-7 random/graph-9
# blocked: random/graph-11 random/graph-12 gradient-check/difference gradient-check/powers
# blocked: gradient-check/numbers training/*

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
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
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
