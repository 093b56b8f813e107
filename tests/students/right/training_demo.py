# style: a small library: engine, neurons, optimizer, a Vector class, and a demo under the usual guard
# design: number, name, requires_grad, ctx / recursive, set of nodes, leaves skipped, reversed / +=
#   of parts of a vjp where required
"""minigrad: a scalar autograd engine and a neural network on top of it, in one file.

Run it to train a net on xor:  python minigrad.py
"""

import math
import random


class Variable:
    """A node in the computation graph."""

    def __init__(self, data, name=None, requires_grad=True):
        self.data = data
        self.name = name
        self.requires_grad = requires_grad
        self.grad = 0
        self.ctx = None  # (parents, function from this gradient to the parents' gradients)

    def zero_grad(self):
        self.grad = 0

    @property
    def is_leaf(self):
        return self.ctx is None

    def _result(self, data, parents, vjp):
        out = Variable(data)
        out.ctx = (parents, vjp)
        return out

    def __add__(self, other):
        other = ensure_variable(other)
        return self._result(self.data + other.data, (self, other), lambda g: (g, g))

    def __sub__(self, other):
        other = ensure_variable(other)
        return self._result(self.data - other.data, (self, other), lambda g: (g, -g))

    def __mul__(self, other):
        other = ensure_variable(other)
        a, b = self.data, other.data
        return self._result(a * b, (self, other), lambda g: (g * b, g * a))

    def __truediv__(self, other):
        other = ensure_variable(other)
        a, b = self.data, other.data
        return self._result(a / b, (self, other), lambda g: (g / b, g * -a / b**2))

    def __pow__(self, other):
        other = ensure_variable(other)
        a, n = self.data, other.data

        def vjp(g):
            by_base = g * n * a ** (n - 1) if n else 0
            # log(a) does not exist for a <= 0, and nobody needs it for x ** 2
            by_exponent = g * a**n * math.log(a) if a > 0 and other.requires_grad else 0
            return by_base, by_exponent

        return self._result(a**n, (self, other), vjp)

    def __radd__(self, other):
        return ensure_variable(other) + self

    def __rsub__(self, other):
        return ensure_variable(other) - self

    def __rmul__(self, other):
        return ensure_variable(other) * self

    def __rtruediv__(self, other):
        return ensure_variable(other) / self

    def __rpow__(self, other):
        return ensure_variable(other) ** self

    def __neg__(self):
        return 0 - self

    def __abs__(self):
        return self._result(abs(self.data), (self,), lambda g: (g if self.data >= 0 else -g,))

    def tanh(self):
        t = math.tanh(self.data)
        return self._result(t, (self,), lambda g: (g * (1 - t * t),))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._result(s, (self,), lambda g: (g * s * (1 - s),))

    def relu(self):
        return self._result(max(0, self.data), (self,), lambda g: (g if self.data > 0 else 0,))

    def exp(self):
        e = math.exp(self.data)
        return self._result(e, (self,), lambda g: (g * e,))

    def log(self):
        return self._result(math.log(self.data), (self,), lambda g: (g / self.data,))

    def sin(self):
        return self._result(math.sin(self.data), (self,), lambda g: (g * math.cos(self.data),))

    def cos(self):
        return self._result(math.cos(self.data), (self,), lambda g: (-g * math.sin(self.data),))

    def sqrt(self):
        r = math.sqrt(self.data)
        return self._result(r, (self,), lambda g: (g / r / 2,))

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v in seen:
                return
            seen.add(v)
            if not v.is_leaf:
                for parent in v.ctx[0]:
                    visit(parent)
            order.append(v)

        visit(self)
        self.grad = 1
        for v in reversed(order):
            if v.is_leaf:
                continue
            parents, vjp = v.ctx
            for parent, g in zip(parents, vjp(v.grad)):
                if parent.requires_grad:
                    parent.grad += g


def ensure_variable(x):
    return x if isinstance(x, Variable) else Variable(x, requires_grad=False)


class Vector:
    """A few Variables side by side."""

    def __init__(self, items):
        self.items = list(items)

    def __add__(self, other):
        return Vector(a + b for a, b in zip(self.items, other.items))

    def __mul__(self, factor):
        return Vector(a * factor for a in self.items)

    def dot(self, other):
        return sum((a * b for a, b in zip(self.items, other.items)), Variable(0.0))


class Module:
    def parameters(self):
        return []

    def zero_grad(self):
        for p in self.parameters():
            p.zero_grad()


class Neuron(Module):
    def __init__(self, n):
        self.w = Vector(Variable(random.uniform(-1, 1), f"w{i}") for i in range(n))
        self.b = Variable(0.0, "b")

    def __call__(self, x):
        return (self.w.dot(x) + self.b).tanh()

    def parameters(self):
        return [*self.w.items, self.b]


class Layer(Module):
    def __init__(self, n_in, n_out):
        self.neurons = [Neuron(n_in) for _ in range(n_out)]

    def __call__(self, x):
        return Vector(n(x) for n in self.neurons)

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]


class MLP(Module):
    def __init__(self, *sizes):
        self.layers = [Layer(a, b) for a, b in zip(sizes, sizes[1:])]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x.items[0]

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


class SGD:
    def __init__(self, parameters, lr=0.1):
        self.parameters, self.lr = parameters, lr

    def step(self):
        for p in self.parameters:
            p.data -= self.lr * p.grad


if __name__ == "__main__":
    random.seed(0)
    xor = [((0, 0), -1), ((0, 1), 1), ((1, 0), 1), ((1, 1), -1)]
    net = MLP(2, 4, 1)
    optimizer = SGD(net.parameters(), lr=0.1)
    for epoch in range(500):
        loss = sum((net(Vector(map(Variable, x))) - y) ** 2 for x, y in xor)
        net.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 50 == 0:
            print(f"epoch {epoch}: loss {loss.data:.4f}")
