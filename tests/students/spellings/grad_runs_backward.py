# style: grad() runs the pass, with the gradient so far, and each node keeps its own in .slope
# account: Value | data | slope | grad()
class Value:
    def __init__(self, data):
        self.data = data
        self.slope = 0
        self.kids = ()

    def __add__(self, o):
        out = Value(self.data + o.data)
        out.kids = ((self, 1), (o, 1))
        return out

    def __mul__(self, o):
        out = Value(self.data * o.data)
        out.kids = ((self, o.data), (o, self.data))
        return out

    def grad(self, g=1):
        self.slope += g
        for kid, d in self.kids:
            kid.grad(g * d)


a, b = Value(3), Value(4)
L = a * b + a
L.grad()
assert (a.slope, b.slope) == (5, 3)
