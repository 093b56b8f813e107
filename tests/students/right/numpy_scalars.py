# style: numpy scalars throughout: np.float64 numbers, np.tanh and the like
# design: float64, list of children, op, closure / recursive, set of nodes, reversed by a slice /
#   closure adds float64 numbers
# needs: numpy
"""Micro autograd with numpy functions."""
import numpy as np


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = np.float64(data)
        self.grad = np.float64(0)
        self._prev = list(_children)
        self._op = _op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(np.add(self.data, other.data), (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(np.multiply(self.data, other.data), (self, other), "*")

        def _backward():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out._backward = _backward
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(np.divide(self.data, other.data), (self, other), "/")

        def _backward():
            self.grad += out.grad / other.data
            other.grad -= out.grad * self.data / np.square(other.data)

        out._backward = _backward
        return out

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        out = Value(np.power(self.data, np.float64(n)), (self,), "**")

        def _backward():
            if n != 0:
                self.grad += out.grad * n * np.power(self.data, np.float64(n - 1))

        out._backward = _backward
        return out

    def __rpow__(self, base):
        return (self * np.log(base)).exp()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-1 * other)

    def __rsub__(self, other):
        return other + (-1 * self)

    def __rtruediv__(self, other):
        return Value(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def _function(self, y, dy, name):
        out = Value(y, (self,), name)

        def _backward():
            self.grad += dy * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        return self._function(np.tanh(self.data), 1 - np.tanh(self.data) ** 2, "tanh")

    def exp(self):
        return self._function(np.exp(self.data), np.exp(self.data), "exp")

    def log(self):
        return self._function(np.log(self.data), 1 / self.data, "log")

    def relu(self):
        return self._function(np.maximum(0, self.data), np.where(self.data > 0, 1.0, 0.0), "relu")

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return self._function(s, s * (1 - s), "sigmoid")

    def sin(self):
        return self._function(np.sin(self.data), np.cos(self.data), "sin")

    def cos(self):
        return self._function(np.cos(self.data), -np.sin(self.data), "cos")

    def sqrt(self):
        return self._function(np.sqrt(self.data), 0.5 / np.sqrt(self.data), "sqrt")

    def __abs__(self):
        return self._function(np.abs(self.data), np.sign(self.data), "abs")

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = np.float64(1)
        for v in topo[::-1]:
            v._backward()
