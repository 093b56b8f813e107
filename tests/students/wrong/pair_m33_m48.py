# misconception: 33, 48
# title: 1 - x as x - 1, and with it tanh' as 1 - out**2 of a Value
# wrong_value: values/number-subtract@1 numbers/number-subtract@* numbers/zero-number-subtract@1
# wrong_value: numbers/one-number-subtract@1 numbers/chain-number-subtract@1
# wrong_value: numbers/twice-number-subtract numbers/again-number-subtract@1
# wrong_value: numbers/before-and-after-number-subtract@1 numbers/result-again-number-subtract@1
# wrong_gradient: functions/tanh@* functions/tanh-at-zero functions/chain-tanh@1
# wrong_gradient: functions/chain-again-tanh@1 functions/again-tanh@*
# wrong_gradient: functions/before-and-after-tanh@* functions/twice-tanh@1
# wrong_gradient: functions/result-again-tanh@1
# blocked: numbers/whole-tanh state/same-numbers-twice composite/neuron@1 composite/two-layers
# blocked: composite/gated-unit composite/hinge composite/entropy composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/soft-step composite/reciprocals
# blocked: composite/odds composite/potential random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/numbers gradient-check/tanh
# blocked: training/network

import math


class Variable:
    def __init__(self, data, _children=()):
        self.data = data
        self.gradient = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Variable(data={self.data}, gradient={self.gradient})"

    def __add__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        out = Variable(self.data + other.data, (self, other))

        def _backward():
            self.gradient += out.gradient
            other.gradient += out.gradient

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Variable) else Variable(other)
        out = Variable(self.data * other.data, (self, other))

        def _backward():
            self.gradient += other.data * out.gradient
            other.gradient += self.data * out.gradient

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Variable(self.data**other, (self,))

        def _backward():
            self.gradient += other * self.data ** (other - 1) * out.gradient

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Variable(other**self.data, (self,))

        def _backward():
            self.gradient += math.log(other) * out.data * out.gradient

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
        return self - other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.data)
        out = Variable(t, (self,))

        def _backward():
            self.gradient += (1 - out**2) * out.gradient

        out._backward = _backward
        return out

    def exp(self):
        out = Variable(math.exp(self.data), (self,))

        def _backward():
            self.gradient += out.data * out.gradient

        out._backward = _backward
        return out

    def log(self):
        out = Variable(math.log(self.data), (self,))

        def _backward():
            self.gradient += out.gradient / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Variable(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.gradient += (out.data > 0) * out.gradient

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Variable(s, (self,))

        def _backward():
            self.gradient += s * (1 - s) * out.gradient

        out._backward = _backward
        return out

    def sin(self):
        out = Variable(math.sin(self.data), (self,))

        def _backward():
            self.gradient += math.cos(self.data) * out.gradient

        out._backward = _backward
        return out

    def cos(self):
        out = Variable(math.cos(self.data), (self,))

        def _backward():
            self.gradient -= math.sin(self.data) * out.gradient

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Variable(abs(self.data), (self,))

        def _backward():
            self.gradient += (1 if self.data > 0 else -1) * out.gradient

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
        self.gradient = 1.0
        for v in reversed(topo):
            v._backward()
