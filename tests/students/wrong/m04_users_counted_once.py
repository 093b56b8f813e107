# misconception: 4
# title: Users are counted once each, but counted down for each operand that they have
# wrong_gradient: order/with-itself-and-long-arm-sum@1 order/with-itself-and-long-arm-product@1
# wrong_gradient: order/with-itself-and-long-arm-mirrored-sum@1
# wrong_gradient: order/with-itself-and-long-arm-mirrored-product@1
# error: robustness/sigmoid-far-out@3
"""Closures, run once all users of a node have run. A node that one user takes twice is run too early."""

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._operands = _children

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
        if isinstance(other, Value):
            return (self.log() * other).exp()
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad += (1 - t * t) * out.grad

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
        s = 1 / (1 + math.exp(-self.data))
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
        users, found = {self: 0}, [self]
        for node in found:
            for child in node._prev:
                if child not in users:
                    users[child] = 0
                    found.append(child)
                users[child] += 1

        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop(0)
            node._backward()
            for child in node._operands:
                users[child] -= 1
                if users[child] == 0:
                    ready.append(child)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def __rpow__(self, other):
        return (self * math.log(other)).exp()
