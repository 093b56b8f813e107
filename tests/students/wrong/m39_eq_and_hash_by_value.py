# misconception: 39
# title: __eq__ and __hash__ by number: equal nodes are one in the visited set
# wrong_gradient: equal-numbers/*
# error: robustness/sigmoid-far-out@3
# blocked: rules/product-with-0-and-1@1 rules/product-with-0-and-1@2 power/power-at-zero
# blocked: operators/difference-with-zero@1 operators/quotient-of-zero operators/quotient-by-1@1
# blocked: operators/quotient-by-1@2 operators/opposite-of-zero operators/twice-opposite@1
# blocked: operators/pairs-difference@1 operators/pairs-quotient@1 numbers/zero-number-subtract@1
# blocked: numbers/one-number-divide@1 numbers/twice-number-subtract numbers/twice-number-divide
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# blocked: numbers/at-zero-divide-number@1 numbers/at-zero-number-power@1 numbers/sum-from-zero
# blocked: in-place/powers@2 in-place/zero-and-one-multiply-in-place@1
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/again-relu@*
# blocked: functions/twice-exp@1 functions/twice-log@1 functions/twice-tanh@1
# blocked: functions/twice-sigmoid@1 functions/twice-abs@1 functions/twice-sqrt@1
# blocked: functions/twice-sin@1 functions/twice-cos@1 functions/twice-relu
# blocked: reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1 composite/relu-layers
# blocked: composite/hinge composite/residual composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/reciprocals
# blocked: composite/odds composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp
# blocked: gradient-check/relu robustness/stacked-diamonds@* robustness/deep-products

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

    def __eq__(self, other):
        return self.data == (other.data if isinstance(other, Value) else other)

    def __hash__(self):
        return hash(self.data)

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
