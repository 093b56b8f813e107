# style: + and * of two Values, nothing more: an early hand-in of the first exercise
# has: addition, multiplication
"""Exercise 1: addition and multiplication. The rest comes next week."""


class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.pass_on = None

    def __add__(self, other):
        if not isinstance(other, Value):
            return NotImplemented
        out = Value(self.data + other.data, (self, other))
        out.pass_on = lambda g: (g, g)
        return out

    def __mul__(self, other):
        if not isinstance(other, Value):
            return NotImplemented
        out = Value(self.data * other.data, (self, other))
        out.pass_on = lambda g: (g * other.data, g * self.data)
        return out

    def backward(self):
        order = []

        def visit(v):
            if v not in order:
                for p in v.parents:
                    visit(p)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            if v.pass_on:
                for p, g in zip(v.parents, v.pass_on(v.grad)):
                    p.grad += g
