# style: backward returns a list, by a node's own number
# account: Value | data | returned (item by key) | backward()
import itertools


class Value:
    numbers = itertools.count()

    def __init__(self, data, inputs=()):
        self.data = data
        self.key = next(Value.numbers)
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        gradients = [0.0] * (self.key + 1)

        def visit(node, gradient):
            gradients[node.key] += gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, 1.0)
        return gradients
