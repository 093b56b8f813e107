# style: numpy arrays of one element as numbers and as gradients
# design: array of one element, dependences with functions / recursive, set of ids, reversed / new
#   arrays by id, added to grad
# needs: numpy
"""A Tensor class that will do vectors one day. For now every array has the shape (1,)."""
from typing import Callable, List, Tuple

import numpy as np

Array = np.ndarray


class Tensor:
    def __init__(self, data, depends_on: List[Tuple["Tensor", Callable[[Array], Array]]] = None):
        self.data: Array = np.array(data, dtype=float).reshape(1)
        self.grad: Array = np.zeros_like(self.data)
        self.depends_on = depends_on or []

    def __repr__(self):
        return f"Tensor({self.data}, grad={self.grad})"

    def zero_grad(self):
        self.grad = np.zeros_like(self.data)

    def __add__(self, other):
        other = ensure_tensor(other)
        return Tensor(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        other = ensure_tensor(other)
        return Tensor(
            self.data * other.data,
            [(self, lambda g: g * other.data), (other, lambda g: g * self.data)],
        )

    def __neg__(self):
        return Tensor(-self.data, [(self, lambda g: -g)])

    def __sub__(self, other):
        return self + -ensure_tensor(other)

    def __truediv__(self, other):
        other = ensure_tensor(other)
        return Tensor(
            self.data / other.data,
            [(self, lambda g: g / other.data), (other, lambda g: -g * self.data / other.data**2)],
        )

    def __pow__(self, n):
        if isinstance(n, Tensor):
            raise NotImplementedError("x ** y for two Tensors")
        slope = n * self.data ** (n - 1.0) if n else np.zeros_like(self.data)
        return Tensor(self.data ** float(n), [(self, lambda g: g * slope)])

    def __rpow__(self, base):
        y = float(base) ** self.data
        return Tensor(y, [(self, lambda g: g * y * np.log(base))])

    def __radd__(self, other):
        return ensure_tensor(other) + self

    def __rmul__(self, other):
        return ensure_tensor(other) * self

    def __rsub__(self, other):
        return ensure_tensor(other) - self

    def __rtruediv__(self, other):
        return ensure_tensor(other) / self

    def __abs__(self):
        return Tensor(np.abs(self.data), [(self, lambda g: g * np.sign(self.data))])

    def backward(self, grad: Array = None) -> None:
        order, seen = [], set()

        def visit(t):
            if id(t) not in seen:
                seen.add(id(t))
                for parent, _ in t.depends_on:
                    visit(parent)
                order.append(t)

        visit(self)
        flow = {id(t): np.zeros_like(t.data) for t in order}
        flow[id(self)] = np.ones_like(self.data) if grad is None else grad
        for t in reversed(order):
            t.grad = t.grad + flow[id(t)]
            for parent, f in t.depends_on:
                flow[id(parent)] = flow[id(parent)] + f(flow[id(t)])


def ensure_tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)


def tanh(t):
    y = np.tanh(t.data)
    return Tensor(y, [(t, lambda g: g * (1 - y * y))])


def exp(t):
    y = np.exp(t.data)
    return Tensor(y, [(t, lambda g: g * y)])


def log(t):
    return Tensor(np.log(t.data), [(t, lambda g: g / t.data)])


def relu(t):
    return Tensor(np.maximum(t.data, 0), [(t, lambda g: g * (t.data > 0))])


def sigmoid(t):
    y = 1 / (1 + np.exp(-t.data))
    return Tensor(y, [(t, lambda g: g * y * (1 - y))])


def sin(t):
    return Tensor(np.sin(t.data), [(t, lambda g: g * np.cos(t.data))])


def cos(t):
    return Tensor(np.cos(t.data), [(t, lambda g: -g * np.sin(t.data))])


def sqrt(t):
    y = np.sqrt(t.data)
    return Tensor(y, [(t, lambda g: g / (2 * y))])
