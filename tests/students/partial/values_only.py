# style: the whole arithmetic and tanh, but between Values alone: a plain number is refused by name
# has: addition, subtraction, multiplication, division, negation, tanh
"""I think mixing Values and numbers is bad style, so this raises an error for x + 2. Wrap your constants."""
import math


class Node:
    def __init__(self, value):
        self.value = value
        self.gradient = 0.0
        self.inputs = []

    def check(self, other):
        if not isinstance(other, Node):
            raise NotImplementedError(f"Node and {type(other).__name__} do not mix")

    def __add__(self, other):
        self.check(other)
        return make(self.value + other.value, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        self.check(other)
        return make(self.value - other.value, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        self.check(other)
        return make(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        self.check(other)
        return make(
            self.value / other.value,
            (self, 1 / other.value),
            (other, -self.value / other.value**2),
        )

    def __neg__(self):
        return make(-self.value, (self, -1.0))

    def tanh(self):
        t = math.tanh(self.value)
        return make(t, (self, 1 - t * t))

    def backward(self):
        done = set()
        order = []

        def visit(node):
            done.add(node)
            for one, _ in node.inputs:
                if one not in done:
                    visit(one)
            order.append(node)

        visit(self)
        self.gradient = 1.0
        for node in reversed(order):
            for one, partial in node.inputs:
                one.gradient += partial * node.gradient


def make(value, *inputs):
    node = Node(value)
    node.inputs = list(inputs)
    return node
