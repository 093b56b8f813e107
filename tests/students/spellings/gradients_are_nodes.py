# style: a gradient is a node itself
# account: Value | data | grad.data | backward()
class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = None
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, Value(1.0)), (other, Value(1.0))))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other), (other, self)))

    def backward(self):
        def visit(node, gradient):
            node.grad = gradient if node.grad is None else node.grad + gradient
            for child, slope in node.inputs:
                visit(child, slope * gradient)

        visit(self, Value(1.0))
