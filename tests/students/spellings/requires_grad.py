# style: gradients are kept where they are asked for
# account: Tensor | data | grad | backward()
# note: Leaves are made with requires_grad=True, so that they get gradients.
class Tensor:
    def __init__(self, data, inputs=(), requires_grad=False):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.requires_grad = requires_grad
        self.step = lambda: None

    def __add__(self, other):
        out = Tensor(self.data + other.data, (self, other), True)

        def step():
            if self.requires_grad:
                self.grad += out.grad
            if other.requires_grad:
                other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Tensor(self.data * other.data, (self, other), True)

        def step():
            if self.requires_grad:
                self.grad += other.data * out.grad
            if other.requires_grad:
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
