# style: the class keeps a dictionary of gradients, by node
# account: Value | data | root.grads (by node) | backward()
class Value:
    grads = {}

    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        Value.grads = {}
        self.visit(1.0)

    def visit(self, gradient):
        Value.grads[self] = Value.grads.get(self, 0.0) + gradient
        for child, slope in self.inputs:
            child.visit(slope * gradient)
