# style: log asks for a base
# account: Value | data | grad | backward()
import math


class Value:
    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = data, parents, 0.0

    def __add__(self, o):
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))

    def __mul__(self, o):
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))

    def log(self, base):
        return Value(math.log(self.data) / math.log(base), ((self, 1 / (self.data * math.log(base))),))

    def backward(self, g=1.0):
        self.grad += g
        for p, s in self.parents:
            p.backward(g * s)
