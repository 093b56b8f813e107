# style: a tape keeps a dictionary of gradients, whose keys are weak
# account: Value | data | tape.slopes (by node) | tape.backward(root)
from weakref import WeakKeyDictionary


class Tape:
    def __init__(self):
        self.slopes = WeakKeyDictionary()

    def backward(self, root, gradient=1.0):
        self.slopes[root] = self.slopes.get(root, 0.0) + gradient
        for child, slope in root.inputs:
            self.backward(child, slope * gradient)


tape = Tape()


class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
