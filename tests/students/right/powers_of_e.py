# style: every function by powers of e, division and roots by powers, edges in a list
# design: number, edges as arguments / stack of pairs with a flag, set of ids, popped from the end /
#   += on the operand
"""No math functions beyond log and sin: tanh, sigmoid and exp are written with E ** x as on the formula sheet."""
from math import log, pi, sin

E = 2.718281828459045


class Value:
    def __init__(self, data, *edges):
        self.data = data
        self.grad = 0
        self.edges = edges  # (Value, slope) each

    @staticmethod
    def make(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = Value.make(other)
        return Value(self.data + other.data, (other, 1), (self, 1))

    def __sub__(self, other):
        other = Value.make(other)
        return Value(self.data + other.data * -1, (other, -1), (self, 1))

    def __neg__(self):
        return Value(0 - self.data, (self, -1))

    def __mul__(self, other):
        other = Value.make(other)
        return Value(self.data * other.data, (other, self.data), (self, other.data))

    def __truediv__(self, other):
        other = Value.make(other)
        inverse = other.data ** -1
        return Value(self.data * inverse, (other, -self.data * other.data ** -2), (self, inverse))

    def __pow__(self, other):
        if isinstance(other, Value):
            y = power(self.data, other.data)
            by_base = other.data * power(self.data, other.data - 1)
            return Value(y, (other, y * log(self.data)), (self, by_base))
        if other == 0:
            return Value(1, (self, 0))
        return Value(power(self.data, other), (self, other * power(self.data, other - 1)))

    def __radd__(self, other):
        return Value.make(other) + self

    def __rsub__(self, other):
        return Value.make(other) - self

    def __rmul__(self, other):
        return Value.make(other) * self

    def __rtruediv__(self, other):
        return Value.make(other) / self

    def __rpow__(self, other):
        return Value.make(other) ** self

    def tanh(self):
        up, down = E ** self.data, E ** -self.data
        return Value((up - down) / (up + down), (self, 4 / (up + down) ** 2))

    def exp(self):
        return Value(E ** self.data, (self, E ** self.data))

    def log(self):
        return Value(log(self.data, 2) / log(E, 2), (self, self.data ** -1))

    def relu(self):
        return Value((self.data + abs(self.data)) / 2, (self, (self.data > 0) * 1.0))

    def sigmoid(self):
        e = E ** self.data
        return Value(e / (1 + e), (self, e / (1 + e) ** 2))

    def sin(self):
        return Value(sin(self.data), (self, sin(self.data + pi / 2)))

    def cos(self):
        return Value(sin(self.data + pi / 2), (self, -sin(self.data)))

    def sqrt(self):
        return self ** 0.5

    def __abs__(self):
        # the square root of the square
        y = (self.data ** 2) ** 0.5
        return Value(y, (self, self.data / y))

    def backward(self):
        order, seen = [], set()
        stack = [(self, False)]
        while stack:
            node, children_done = stack.pop()
            if children_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                for child, _ in node.edges:
                    stack.append((child, False))
        self.grad = 1
        while order:
            node = order.pop()
            for child, slope in node.edges:
                child.grad += node.grad * slope


def power(base, exponent):
    # by the logarithm, where there is one
    if base > 0:
        return E ** (exponent * log(base))
    return base ** exponent
