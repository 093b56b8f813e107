# style: the file keeps a dictionary of gradients, by the id of a node
# account: Value | data | GRADS (by id) | backward()
from collections import defaultdict

GRADS = defaultdict(float)


class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        global GRADS
        GRADS = defaultdict(float)

        def visit(node, gradient):
            GRADS[id(node)] += gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, 1.0)
