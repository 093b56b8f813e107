# style: each node points to the one made just before it; backward walks back along that chain
# design: number, links, pointer to the node before / chain of all nodes backwards, until nothing is
#   on its way / dictionary by id, popped into grad
"""History as a linked list. The walk ends as soon as no gradient is on its way any more."""
import math

latest = None


class Value:
    def __init__(self, data, *links):
        global latest
        self.data = data
        self.grad = 0.0
        self.links = links
        self.before = latest
        latest = self

    def backward(self):
        on_the_way = {id(self): 1.0}
        node = self
        while on_the_way:
            if id(node) in on_the_way:
                arrived = on_the_way.pop(id(node))
                node.grad += arrived
                for operand, slope in node.links:
                    on_the_way[id(operand)] = on_the_way.get(id(operand), 0.0) + slope * arrived
            node = node.before

    def __add__(self, other):
        if type(other) in (int, float):
            return Value(self.data + other, (self, 1.0))
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        if type(other) in (int, float):
            return Value(self.data * other, (self, other))
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        if type(other) in (int, float):
            return Value(self.data / other, (self, 1 / other))
        inverse = 1 / other.data
        return Value(self.data / other.data, (self, inverse), (other, -self.data * inverse * inverse))

    def __pow__(self, n):
        if type(n) in (int, float):
            return Value(self.data**n, (self, n * self.data ** (n - 1)) if n else (self, 0.0))
        p = self.data**n.data
        return Value(p, (self, p * n.data / self.data), (n, p * math.log(self.data)))

    def __neg__(self):
        return Value(-self.data, (self, -1.0))

    def __sub__(self, other):
        if type(other) in (int, float):
            return Value(self.data - other, (self, 1.0))
        return Value(self.data - other.data, (self, 1.0), (other, -1.0))

    def __radd__(self, number):
        return Value(number + self.data, (self, 1.0))

    def __rsub__(self, number):
        return Value(number - self.data, (self, -1.0))

    def __rmul__(self, number):
        return Value(number * self.data, (self, number))

    def __rtruediv__(self, number):
        return Value(number / self.data, (self, -number / self.data**2))

    def __rpow__(self, number):
        p = number**self.data
        return Value(p, (self, math.log(number) * p))

    def __abs__(self):
        return Value(abs(self.data), (self, 1.0 if self.data > 0 else -1.0))

    def relu(self):
        return Value(self.data if self.data > 0 else 0.0, *([(self, 1.0)] if self.data > 0 else []))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self, 1 - t * t))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self, e))

    def log(self):
        return Value(math.log(self.data), (self, 1 / self.data))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self, s * (1 - s)))

    def sin(self):
        return Value(math.sin(self.data), (self, math.cos(self.data)))

    def cos(self):
        return Value(math.cos(self.data), (self, -math.sin(self.data)))

    def sqrt(self):
        r = self.data**0.5
        return Value(r, (self, 1 / (2 * r)))
