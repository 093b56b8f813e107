# style: the chain rule as a recursive function with a memory, over users in reversed order
# design: number, inputs, name, gradient None / cached recursion over users / sum over users from
#   the last to the first
"""d(out)/d(node) = sum of d(user)/d(node) * d(out)/d(user), literally, with functools.cache."""

import math
from functools import cache


class Node:
    def __init__(self, val, inputs=(), name=""):
        self.val, self.inputs, self.name = val, tuple(inputs), name
        self.gradient = None

    def __add__(self, other):
        if isinstance(other, Node):
            return Node(self.val + other.val, [(self, 1), (other, 1)], "+")
        return Node(self.val + other, [(self, 1)], "+c")

    def __mul__(self, other):
        if isinstance(other, Node):
            return Node(self.val * other.val, [(self, other.val), (other, self.val)], "*")
        return Node(self.val * other, [(self, other)], "*c")

    def __pow__(self, other):
        if isinstance(other, Node):
            return NotImplemented
        n = other
        slope = 0 if n == 0 else n * self.val ** (n - 1)
        return Node(self.val ** n, [(self, slope)], "**")

    def __rpow__(self, base):
        power = math.pow(base, self.val)
        return Node(power, [(self, math.log(base) * power)], "c**")

    def __neg__(self):
        return Node(-self.val, [(self, -1)], "neg")

    def __sub__(self, other):
        return self + (-1) * other

    def __rsub__(self, other):
        return (-1) * self + other

    def __truediv__(self, other):
        return self * (1 / other)

    def __rtruediv__(self, other):
        return Node(other / self.val, [(self, -other / (self.val * self.val))], "c/")

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self):
        sign = 1 if self.val > 0 else -1
        return Node(sign * self.val, [(self, sign)], "abs")

    def exp(self):
        return Node(math.exp(self.val), [(self, math.exp(self.val))], "exp")

    def log(self):
        return Node(math.log(self.val), [(self, 1 / self.val)], "log")

    def sin(self):
        return Node(math.sin(self.val), [(self, math.cos(self.val))], "sin")

    def cos(self):
        return Node(math.cos(self.val), [(self, -math.sin(self.val))], "cos")

    def tanh(self):
        return Node(math.tanh(self.val), [(self, math.cosh(self.val) ** -2)], "tanh")

    def sigmoid(self):
        s = (1 + math.tanh(self.val / 2)) / 2
        return Node(s, [(self, s * (1 - s))], "sigmoid")

    def relu(self):
        return Node(self.val if self.val >= 0 else 0, [(self, 1 if self.val >= 0 else 0)], "relu")

    def sqrt(self):
        return Node(math.sqrt(self.val), [(self, 0.5 * self.val ** -0.5)], "sqrt")

    def backward(self):
        users = {self: []}
        stack = [self]
        while stack:
            node = stack.pop()
            for operand, slope in node.inputs:
                if operand not in users:
                    users[operand] = []
                    stack.append(operand)
                users[operand].append((node, slope))

        @cache
        def derivative(node):
            total = 1 if node is self else 0
            for user, slope in reversed(users[node]):
                total += slope * derivative(user)
            return total

        for node in users:
            node.gradient = derivative(node)
