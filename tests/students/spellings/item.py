# style: numbers are asked for: item(), as in torch
# account: Tensor | item() | grad | backward()
class Tensor:
    def __init__(self, _storage, inputs=()):
        self._storage = [_storage]
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Tensor(self.item() + other.item(), (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Tensor(self.item() * other.item(), (self, other))

        def step():
            self.grad += other.item() * out.grad
            other.grad += self.item() * out.grad

        out.step = step
        return out

    def item(self):
        return float(self._storage[0])

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
