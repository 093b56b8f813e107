# style: the operators are in a class of their own
# account: Scalar | data | grad | backward()
class Operators:
    def __add__(self, other):
        return self.plus(other)

    def __mul__(self, other):
        return self.times(other)


class Scalar(Operators):
    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def plus(self, other):
        out = Scalar(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def times(self, other):
        out = Scalar(self.data * other.data, (self, other))

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
