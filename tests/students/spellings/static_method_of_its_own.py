# style: a static method of the class: Value.backward(root)
# account: Value | data | grad | backward(node)
class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    @staticmethod
    def backward(root, gradient=1.0):
        root.grad += gradient
        for child, slope in root.inputs:
            Value.backward(child, slope * gradient)
