# misconception: 23
# title: c * x leaves out what comes from above
# wrong_gradient: operators/difference-with-zero@* operators/opposite-of-zero
# wrong_gradient: operators/chain-difference@1 operators/chain-of-opposite@1
# wrong_gradient: operators/again-opposite@1 operators/before-and-after-opposite@1
# wrong_gradient: operators/again-both-difference@1 operators/before-and-after-both-difference@1
# wrong_gradient: operators/result-again-opposite@1 operators/twice-opposite@1
# wrong_gradient: operators/pairs-difference@1 operators/uneven-results-difference@1
# wrong_gradient: operators/uneven-results-mirrored-difference@1
# wrong_gradient: operators/results-again-difference@1 numbers/one-multiply-number@1
# wrong_gradient: numbers/one-number-multiply@1 numbers/one-divide-number@1
# wrong_gradient: numbers/one-number-divide@1 numbers/chain-number-subtract@1
# wrong_gradient: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# wrong_gradient: numbers/chain-divide-number@1 numbers/chain-number-divide@1
# wrong_gradient: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# wrong_gradient: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# wrong_gradient: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# wrong_gradient: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# wrong_gradient: training/one-step
# blocked: numbers/zero-number-subtract@1 numbers/one-number-subtract@1
# blocked: numbers/twice-number-subtract numbers/result-again-number-subtract@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/itself-subtract-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 composite/two-layers composite/rational
# blocked: composite/logistic-loss composite/distance composite/wave composite/gated-unit
# blocked: composite/hinge composite/decay composite/smooth-distance composite/entropy
# blocked: composite/growth composite/reciprocals composite/odds composite/potential
# blocked: composite/harmonic random/graph-6 random/graph-7 random/graph-9 random/graph-11
# blocked: random/graph-12 gradient-check/difference gradient-check/powers gradient-check/numbers

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
        if not isinstance(other, Value):
            out = Value(self.data * other, (self,))

            def _scale():
                self.grad += other

            out._backward = _scale
            return out
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
            self.grad += other * self.data ** (other - 1) * out.grad

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
