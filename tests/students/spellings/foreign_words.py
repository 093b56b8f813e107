# style: names in another language: found by what they do
# account: Zahl | wert | steigung | ableiten()
class Zahl:
    def __init__(self, wert, inputs=()):
        self.wert = wert
        self.steigung = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Zahl(self.wert + other.wert, (self, other))

        def step():
            self.steigung += out.steigung
            other.steigung += out.steigung

        out.step = step
        return out

    def __mul__(self, other):
        out = Zahl(self.wert * other.wert, (self, other))

        def step():
            self.steigung += other.wert * out.steigung
            other.steigung += self.wert * out.steigung

        out.step = step
        return out

    def ableiten(self):
        self.steigung = 1.0
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
