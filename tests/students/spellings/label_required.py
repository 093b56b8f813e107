# style: the constructor asks for more than the number
# account: Value | data | grad | backward()
# note: Leaves are made with label='x1', children=() and grad=0.0, because the class asks for them.
class Value:
    def __init__(self, data, label, children, grad):
        self.data = data
        self.grad = grad
        self.label = label
        self.inputs = children
        self.step = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, "", (self, other), 0.0)

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, "", (self, other), 0.0)

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.step = step
        return out

    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            node.step()


def in_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node.inputs:
                visit(child)
            order.append(node)

    visit(root)
    return order[::-1]
