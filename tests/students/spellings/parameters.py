# style: gradients are kept for parameters, which one says
# account: Tensor | data | grad | backward()
# note: Leaves are made with param=True, so that they get gradients.
class Tensor:
    def __init__(self, data, param=False, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.param = param
        self.step = lambda: None

    def __add__(self, other):
        out = Tensor(self.data + other.data, True, (self, other))

        def step():
            if self.param:
                self.grad += out.grad
            if other.param:
                other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Tensor(self.data * other.data, True, (self, other))

        def step():
            if self.param:
                self.grad += other.data * out.grad
            if other.param:
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
