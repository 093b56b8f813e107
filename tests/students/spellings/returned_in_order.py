# style: backward returns the gradients of the leaves, in their order
# account: Value | data | returned (in the leaves' order) | backward()
import itertools

numbers = itertools.count()


class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs
        self.number = next(numbers)

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        gradients = {}

        def visit(node, gradient):
            if not node.inputs:
                gradients[node.number] = gradients.get(node.number, 0.0) + gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, 1.0)
        return [gradients[number] for number in sorted(gradients)]
