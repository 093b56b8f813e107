# misconception: 23
# title: All functions leave out what comes from above
# wrong_gradient: functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# wrong_gradient: functions/chain-sigmoid@1 functions/chain-abs@1 functions/chain-sin@1
# wrong_gradient: functions/chain-cos@1 functions/chain-again-exp@1 functions/chain-again-log@1
# wrong_gradient: functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# wrong_gradient: functions/chain-again-relu@1 functions/chain-again-abs@1
# wrong_gradient: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# wrong_gradient: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# wrong_gradient: functions/again-abs@* functions/again-sin@* functions/again-cos@*
# wrong_gradient: functions/before-and-after-exp@* functions/before-and-after-log@*
# wrong_gradient: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# wrong_gradient: functions/before-and-after-relu@* functions/before-and-after-abs@*
# wrong_gradient: functions/before-and-after-sin@* functions/before-and-after-cos@*
# wrong_gradient: functions/twice-exp@1 functions/twice-log@1 functions/twice-tanh@1
# wrong_gradient: functions/twice-sigmoid@1 functions/twice-abs@1 functions/twice-sin@1
# wrong_gradient: functions/twice-cos@1 functions/result-again-exp@1 functions/result-again-log@1
# wrong_gradient: functions/result-again-tanh@1 functions/result-again-sigmoid@1
# wrong_gradient: functions/result-again-abs@1 functions/result-again-sin@1
# wrong_gradient: functions/result-again-cos@1 composite/softmax-cross-entropy
# wrong_gradient: robustness/deep-chain@*
# error: robustness/sigmoid-far-out@3
# blocked: numbers/whole-tanh composite/two-layers composite/relu-layers composite/softmax
# blocked: composite/logistic-loss composite/wave composite/swish composite/gated-unit
# blocked: composite/hinge composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/entropy composite/growth composite/interference
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/products-of-sigmoid-and-log
# blocked: composite/products-of-sin-and-cos composite/products-of-sigmoid-and-relu
# blocked: composite/soft-step composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp
# blocked: random/graph-8 random/graph-9 random/graph-11 random/graph-12 gradient-check/tanh
# blocked: gradient-check/exp gradient-check/log gradient-check/relu gradient-check/sigmoid
# blocked: gradient-check/waves training/network

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
            self.grad += 1 - t**2

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            self.grad += 1 / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def _backward():
            self.grad += out.data > 0

        out._backward = _backward
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        out = Value(s, (self,), "sigmoid")

        def _backward():
            self.grad += s * (1 - s)

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,), "sin")

        def _backward():
            self.grad += math.cos(self.data)

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,), "cos")

        def _backward():
            self.grad -= math.sin(self.data)

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,), "abs")

        def _backward():
            self.grad += math.copysign(1, self.data)

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
