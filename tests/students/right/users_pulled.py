# style: adjacency built for each backward: a node pulls its gradient from all its users
# design: number, list of pairs or None, gradient None / adjacency turned round, path of iterators /
#   fsum over users, assigned once
"""out.backward() first turns the graph round (who uses whom, with which slope), then visits the nodes so
that every user comes before what it uses. Each node sums up once and is never written to again."""
import math


class Value:
    def __init__(self, data, uses=None):
        self.data = data
        self.grad = None
        self.uses = uses or []

    def backward(self):
        users = {self: []}
        finished = []
        path = [(self, iter(self.uses))]
        while path:
            node, rest = path[-1]
            for operand, slope in rest:
                known = operand in users
                users.setdefault(operand, []).append((node, slope))
                if not known:
                    path.append((operand, iter(operand.uses)))
                    break
            else:
                finished.append(path.pop()[0])
        for node in reversed(finished):
            pulled = math.fsum(slope * user.grad for user, slope in users[node])
            node.grad = pulled if node is not self else 1.0

    def __add__(self, other):
        other = node(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        other = node(other)
        return Value(self.data - other.data, [(self, 1.0), (other, -1.0)])

    def __mul__(self, other):
        other = node(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __truediv__(self, other):
        other = node(other)
        return Value(
            self.data / other.data, [(self, 1 / other.data), (other, -self.data / other.data**2)]
        )

    def __pow__(self, other):
        if isinstance(other, Value):
            return (other * self.log()).exp()
        slope = 0.0 if other == 0 else other * self.data ** (other - 1)
        return Value(self.data**other, [(self, slope)])

    def __neg__(self):
        return 0 - self

    def __radd__(self, other):
        return node(other) + self

    def __rsub__(self, other):
        return node(other) - self

    def __rmul__(self, other):
        return node(other) * self

    def __rtruediv__(self, other):
        return node(other) / self

    def __rpow__(self, other):
        return node(other) ** self

    def __abs__(self):
        return self if self.data > 0 else -self

    def relu(self):
        return self * 1 if self.data > 0 else self * 0

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def sigmoid(self):
        return (1 + (self / 2).tanh()) / 2

    def sin(self):
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self):
        return Value(math.cos(self.data), [(self, -math.sin(self.data))])

    def sqrt(self):
        return self**0.5


def node(x):
    return x if isinstance(x, Value) else Value(x)
