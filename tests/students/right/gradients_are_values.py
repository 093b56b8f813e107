# style: gradients are Values themselves, None at the start, so that they can be differentiated again
# design: number, parents, rule, gradient None / recursive, set of nodes, reversed / sums of Values
#   by node
"""Higher derivatives: x.grad is a Value with a graph of its own.

    y = x ** 3
    y.backward()
    x.grad.backward()     # after x.grad = None for a fresh start: 6x
"""
import math


class Value:
    def __init__(self, data, parents=(), rule=None):
        self.data = data
        self.grad = None
        self.parents = parents
        self.rule = rule  # from a Value, the gradient of this, to a tuple of Values

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __repr__(self):
        return "Value(%g)" % self.data

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other):
        other = Value.of(other)
        return Value(self.data * other.data, (self, other), lambda g: (g * other, g * self))

    def __neg__(self):
        return Value(-self.data, (self,), lambda g: (-g,))

    def __sub__(self, other):
        other = Value.of(other)
        return Value(self.data - other.data, (self, other), lambda g: (g, -g))

    def __truediv__(self, other):
        other = Value.of(other)
        return Value(
            self.data / other.data,
            (self, other),
            lambda g: (g / other, -(g * self) / (other * other)),
        )

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        if n == 0:
            return Value(1.0, (self,), lambda g: (g * 0.0,))
        return Value(self.data ** n, (self,), lambda g: (g * n * self ** (n - 1),))

    def __radd__(self, other):
        return Value.of(other) + self

    def __rsub__(self, other):
        return Value.of(other) - self

    def __rmul__(self, other):
        return Value.of(other) * self

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def __rpow__(self, other):
        return Value.of(other) ** self

    def __abs__(self):
        sign = 1.0 if self.data >= 0 else -1.0
        return Value(abs(self.data), (self,), lambda g: (g * sign,))

    def exp(self):
        out = Value(math.exp(self.data), (self,))
        out.rule = lambda g: (g * out,)
        return out

    def log(self):
        return Value(math.log(self.data), (self,), lambda g: (g / self,))

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))
        out.rule = lambda g: (g * (1 - out * out),)
        return out

    def sigmoid(self):
        out = Value(1 / (1 + math.exp(-self.data)), (self,))
        out.rule = lambda g: (g * out * (1 - out),)
        return out

    def relu(self):
        mask = 1.0 if self.data > 0 else 0.0
        return Value(self.data * mask, (self,), lambda g: (g * mask,))

    def sin(self):
        return Value(math.sin(self.data), (self,), lambda g: (g * self.cos(),))

    def cos(self):
        return Value(math.cos(self.data), (self,), lambda g: (-(g * self.sin()),))

    def sqrt(self):
        out = Value(math.sqrt(self.data), (self,))
        out.rule = lambda g: (g / (2 * out),)
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        incoming = {self: Value(1.0)}
        for node in reversed(order):
            g = incoming[node]
            node.grad = g if node.grad is None else node.grad + g
            if node.rule is None:
                continue
            for parent, part in zip(node.parents, node.rule(g)):
                incoming[parent] = incoming[parent] + part if parent in incoming else part
