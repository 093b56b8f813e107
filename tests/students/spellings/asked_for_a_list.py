# style: a function of the file is asked: gradients(L, [x])
# account: Value | data | gradients(root, [leaf]) | gradients(root, [leaf])
class Value:
    def __init__(self, data):
        self.data = data
        self.uses = []

    def __add__(self, other):
        out = Value(self.data + other.data)
        self.uses.append((1.0, out))
        other.uses.append((1.0, out))
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data)
        self.uses.append((other.data, out))
        other.uses.append((self.data, out))
        return out


def gradients(output, inputs):
    def by(node):
        return 1.0 if node is output else sum(slope * by(out) for slope, out in node.uses)

    return [by(x) for x in inputs]
