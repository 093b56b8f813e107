# style: backward returns a dictionary that has nothing for the output itself
# account: Value | data | returned (by node) | backward()
from collections import defaultdict


class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        gradients = defaultdict(float)

        def visit(node, gradient):
            for child, slope in node.inputs:
                gradients[child] += slope * gradient
                visit(child, slope * gradient)

        visit(self, 1.0)
        return gradients
