# style: another word for each part
# account: Variable | value | gradient | back_prop()
class Variable:
    def __init__(self, value, inputs=()):
        self.value = value
        self.gradient = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Variable(self.value + other.value, (self, other))

        def step():
            self.gradient += out.gradient
            other.gradient += out.gradient

        out.step = step
        return out

    def __mul__(self, other):
        out = Variable(self.value * other.value, (self, other))

        def step():
            self.gradient += other.value * out.gradient
            other.gradient += self.value * out.gradient

        out.step = step
        return out

    def back_prop(self):
        self.gradient = 1.0
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
