# style: a relative import in the constructor
# account: Value | data | grad | backward()
# note: config.py wasn't handed in; a placeholder was used instead.


class Value:
    def __init__(self, data, parents=()):
        from .config import DEBUG
        self.debug = DEBUG
        self.data, self.parents, self.grad = data, parents, 0.0

    def __add__(self, o):
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))

    def __mul__(self, o):
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))

    def backward(self, g=1.0):
        self.grad += g
        for p, s in self.parents:
            p.backward(g * s)
