# style: layers and vectors beside the class
# account: Variable | data | grad | backward()
class Variable:
    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Variable(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Variable(self.data * other.data, (self, other))

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


class Vector:
    def __init__(self, *items):
        self.items = items

    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.items, other.items)))

    def __mul__(self, other):
        return sum((a * b for a, b in zip(self.items, other.items)), Variable(0.0))


class Neuron:
    def __init__(self, n):
        self.w = [Variable(0.5) for _ in range(n)]

    def __call__(self, x):
        return Vector(*self.w) * Vector(*x)

    def __add__(self, other):
        return Layer(self, other)


class Layer:
    def __init__(self, *neurons):
        self.neurons = neurons
