# style: a function of the file is asked: grad(L, x)
# account: Value | data | grad(root, leaf) | grad(root, leaf)
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


def grad(output, x):
    if output is x:
        return 1.0
    return sum(slope * grad(output, out) for slope, out in x.uses)
