# style: numpy; numbers and gradients are arrays without dimensions, which ufuncs write into
# design: array without dimensions, creator, inputs, generation / argsort by generation / ufunc
#   writes into the operand's buffer
# needs: numpy
"""data and grad are np.ndarray of shape (). Gradients are accumulated with np.add(..., out=...), each
into a buffer of its own."""
import numpy as np


class Variable:
    def __init__(self, data, creator=None, inputs=()):
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.creator = creator
        self.inputs = inputs
        self.generation = 1 + max((v.generation for v in inputs), default=-1)

    def backward(self):
        found = {id(self): self}
        stack = [self]
        while stack:
            for v in stack.pop().inputs:
                if id(v) not in found:
                    found[id(v)] = v
                    stack.append(v)
        variables = list(found.values())
        self.grad[...] = 1.0
        # the youngest generation first
        for i in np.argsort([-v.generation for v in variables], kind="stable"):
            v = variables[i]
            if v.creator is not None:
                for x, gradient in zip(v.inputs, v.creator(v.grad)):
                    np.add(x.grad, gradient, out=x.grad)

    def __add__(self, other):
        other = variable(other)
        return Variable(self.data + other.data, lambda g: (g, g), (self, other))

    def __sub__(self, other):
        other = variable(other)
        return Variable(self.data - other.data, lambda g: (g, -g), (self, other))

    def __mul__(self, other):
        other = variable(other)
        a, b = self.data, other.data
        return Variable(a * b, lambda g: (g * b, g * a), (self, other))

    def __truediv__(self, other):
        other = variable(other)
        a, b = self.data, other.data
        return Variable(a / b, lambda g: (g / b, -g * a / b**2), (self, other))

    def __pow__(self, other):
        x = self.data
        if isinstance(other, Variable):
            n = other.data
            y = x**n
            return Variable(y, lambda g: (g * n * x ** (n - 1), g * y * np.log(x)), (self, other))
        return Variable(x**other, lambda g: (g * other * x ** (other - 1.0) if other else 0 * g,), (self,))

    def __radd__(self, other):
        return variable(other) + self

    def __rsub__(self, other):
        return variable(other) - self

    def __rmul__(self, other):
        return variable(other) * self

    def __rtruediv__(self, other):
        return variable(other) / self

    def __rpow__(self, other):
        return variable(other) ** self

    def __neg__(self):
        return Variable(-self.data, lambda g: (-g,), (self,))

    def __abs__(self):
        return Variable(np.abs(self.data), lambda g: (g * np.sign(self.data),), (self,))

    def relu(self):
        return Variable(np.maximum(self.data, 0), lambda g: (np.where(self.data > 0, g, 0.0),), (self,))

    def tanh(self):
        y = np.tanh(self.data)
        return Variable(y, lambda g: (g * (1 - y * y),), (self,))

    def exp(self):
        y = np.exp(self.data)
        return Variable(y, lambda g: (g * y,), (self,))

    def log(self):
        return Variable(np.log(self.data), lambda g: (g / self.data,), (self,))

    def sigmoid(self):
        y = 1 / (1 + np.exp(-self.data))
        return Variable(y, lambda g: (g * y * (1 - y),), (self,))

    def sin(self):
        return Variable(np.sin(self.data), lambda g: (g * np.cos(self.data),), (self,))

    def cos(self):
        return Variable(np.cos(self.data), lambda g: (-g * np.sin(self.data),), (self,))

    def sqrt(self):
        y = np.sqrt(self.data)
        return Variable(y, lambda g: (g / (2 * y),), (self,))


def variable(x):
    return x if isinstance(x, Variable) else Variable(x)
