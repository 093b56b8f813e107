# style: every part is a method: value(), gradient()
# account: Scalar | value() | gradient() | backpropagate()
class Scalar:
    def __init__(self, _v, inputs=()):
        self._v = _v
        self._g = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Scalar(self._v + other._v, (self, other))

        def step():
            self._g += out._g
            other._g += out._g

        out.step = step
        return out

    def __mul__(self, other):
        out = Scalar(self._v * other._v, (self, other))

        def step():
            self._g += other._v * out._g
            other._g += self._v * out._g

        out.step = step
        return out

    def value(self):
        return self._v

    def gradient(self):
        return self._g

    def backpropagate(self):
        self._g = 1.0
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
