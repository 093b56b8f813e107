# style: each leaf is asked: x.gradient_of(L)
# account: Value | data | leaf.gradient_of(root) | leaf.gradient_of(root)
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

    def gradient_of(self, root):
        if self is root:
            return 1.0
        return sum(slope * out.gradient_of(root) for slope, out in self.uses)
