# style: backward returns a dictionary, by a node's own attribute id
# account: Value | data | returned (by .id) | backward()
import itertools


class Value:
    numbers = itertools.count()

    def __init__(self, data, inputs=()):
        self.data = data
        self.id = next(Value.numbers)
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        gradients = {}

        def visit(node, gradient):
            gradients[node.id] = gradients.get(node.id, 0.0) + gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, 1.0)
        return gradients
