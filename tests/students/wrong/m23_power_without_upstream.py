# misconception: 23
# title: The power rule leaves out what comes from above
# wrong_gradient: power/power-twice@* power/power-of-a-negative-number@* power/power-again@2
# wrong_gradient: power/power-again@3 power/power-again@5 power/constant-times-power@*
# wrong_gradient: power/chain-of-power@* power/chain-of-powers@* power/again-power@1
# wrong_gradient: power/before-and-after-power@1 power/result-again-power@1 operators/quotient@*
# wrong_gradient: operators/quotient-of-zero operators/quotient-by-1@* operators/chain-quotient@1
# wrong_gradient: operators/quotient-twice operators/again-both-quotient@1
# wrong_gradient: operators/before-and-after-both-quotient@1 operators/pairs-quotient@1
# wrong_gradient: operators/equal-operands-quotient@1 operators/uneven-results-quotient@1
# wrong_gradient: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# wrong_gradient: functions/chain-sqrt@1 functions/chain-again-sqrt@1 functions/again-sqrt@*
# wrong_gradient: functions/before-and-after-sqrt@* functions/twice-sqrt@1
# wrong_gradient: functions/result-again-sqrt@1
# blocked: numbers/number-divide@* numbers/zero-number-divide@1 numbers/one-number-divide@1
# blocked: numbers/chain-number-divide@1 numbers/twice-number-divide
# blocked: numbers/minus-one-number-divide@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-number-divide@1 numbers/result-again-number-divide@1
# blocked: numbers/whole-quotient numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@2 in-place/powers@3
# blocked: in-place/powers@4 in-place/zero-and-one-divide-in-place@*
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-divide-in-place@1
# blocked: composite/polynomial composite/rational composite/softmax composite/distance
# blocked: composite/hinge composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/growth composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic random/graph-5 random/graph-6 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/powers gradient-check/numbers gradient-check/waves training/line
# blocked: training/network

import math


class Tensor:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Tensor(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        out = Tensor(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Tensor(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1)

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Tensor(other**self.data, (self,))

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
        out = Tensor(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Tensor(math.exp(self.data), (self,))

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Tensor(math.log(self.data), (self,))

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Tensor(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Tensor(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Tensor(math.sin(self.data), (self,))

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Tensor(math.cos(self.data), (self,))

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Tensor(abs(self.data), (self,))

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
