# style: the output is asked: L.derivative(x)
# account: Value | data | root.derivative(leaf) | root.derivative(leaf)
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

    def derivative(self, leaf):
        if self is leaf:
            return 1.0
        return sum(slope * self.derivative(out) for slope, out in leaf.uses)
