# style: backward returns a dictionary, by the name of a node
# account: Value | data | returned (by name) | backward()
# note: Leaves are made with name='x1', because the class asks for it.
class Value:
    def __init__(self, name, data, inputs=()):
        self.name = name
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(f"({self.name} + {other.name})", self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(f"({self.name} * {other.name})", self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        gradients = {}

        def visit(node, gradient):
            gradients[node.name] = gradients.get(node.name, 0.0) + gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, 1.0)
        return gradients
