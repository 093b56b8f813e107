# style: a function of the file: run_backward(root, seed)
# account: Node | val | grad | run_backward(root, 1.0)
class Node:
    def __init__(self, val, inputs=()):
        self.val = val
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Node(self.val + other.val, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Node(self.val * other.val, (self, other))

        def step():
            self.grad += other.val * out.grad
            other.grad += self.val * out.grad

        out.step = step
        return out


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


def run_backward(root, seed):
    root.grad = seed
    for node in in_order(root):
        node.step()
