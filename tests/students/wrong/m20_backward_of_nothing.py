# misconception: 20
# title: The constructor sets self._backward = self._backward, which is not there yet
# error: worked-example/* pass/* sums-and-products/* values/* rules/* power/* operators/* numbers/*
# error: in-place/* functions/* reuse/* equal-numbers/* order/* state/* composite/* random/*
# error: gradient-check/* training/* robustness/*

import math


class Scalar:
    def __init__(self, value, _children=()):
        self.value = value
        self.grad = 0.0
        self._backward = self._backward
        self._prev = _children

    def __repr__(self):
        return f"Scalar(value={self.value}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.value + other.value, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.value * other.value, (self, other))

        def _backward():
            self.grad += other.value * out.grad
            other.grad += self.value * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Scalar(self.value**other, (self,))

        def _backward():
            self.grad += other * self.value ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Scalar(other**self.value, (self,))

        def _backward():
            self.grad += math.log(other) * out.value * out.grad

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
        t = math.tanh(self.value)
        out = Scalar(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Scalar(math.exp(self.value), (self,))

        def _backward():
            self.grad += out.value * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Scalar(math.log(self.value), (self,))

        def _backward():
            self.grad += out.grad / self.value

        out._backward = _backward
        return out

    def relu(self):
        out = Scalar(self.value if self.value > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.value > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.value / 2)) / 2
        out = Scalar(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Scalar(math.sin(self.value), (self,))

        def _backward():
            self.grad += math.cos(self.value) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Scalar(math.cos(self.value), (self,))

        def _backward():
            self.grad -= math.sin(self.value) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Scalar(abs(self.value), (self,))

        def _backward():
            self.grad += (1 if self.value > 0 else -1) * out.grad

        out._backward = _backward
        return out

    def backprop(self):
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
