# style: nodes know their users by weak references, and pull their gradients from them
# design: number, operands, weak set of users / recursion over users with a dictionary / sum over
#   users, kept by node
"""Pull-style backprop: a node asks all who used it. The references up are weak, otherwise every graph
would be one big cycle and would stay in memory until the garbage collector comes by."""
import math
import weakref


class Value:
    def __init__(self, data, operands=()):
        self.data = data
        self.grad = 0.0
        self._operands = operands            # strong: the result keeps its operands alive
        self._users = weakref.WeakSet()      # weak: an operand does not keep its results alive
        for operand in operands:
            operand._users.add(self)
        self._weights = None

    @classmethod
    def _of(cls, data, *pairs):
        out = cls(data, tuple(operand for operand, _ in pairs))
        # x * x has x twice, so add the slopes up per operand
        out._weights = weakref.WeakKeyDictionary()
        for operand, slope in pairs:
            out._weights[operand] = out._weights.get(operand, 0.0) + slope
        return out

    def __add__(self, other):
        other = self._node(other)
        return Value._of(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = self._node(other)
        return Value._of(self.data * other.data, (self, other.data), (other, self.data))

    def __sub__(self, other):
        other = self._node(other)
        return Value._of(self.data - other.data, (self, 1.0), (other, -1.0))

    def __truediv__(self, other):
        other = self._node(other)
        return Value._of(self.data / other.data, (self, 1 / other.data),
                         (other, -self.data / other.data ** 2))

    def __pow__(self, other):
        if isinstance(other, Value):
            power = self.data ** other.data
            return Value._of(power, (self, other.data * self.data ** (other.data - 1)),
                             (other, power * math.log(self.data)))
        return Value._of(self.data ** other, (self, other * self.data ** (other - 1) if other else 0))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return self._node(other) - self

    def __rtruediv__(self, other):
        return self._node(other) / self

    def __rpow__(self, other):
        return self._node(other) ** self

    def __neg__(self):
        return Value._of(-self.data, (self, -1.0))

    def __abs__(self):
        return Value._of(abs(self.data), (self, math.copysign(1, self.data)))

    @staticmethod
    def _node(x):
        return x if isinstance(x, Value) else Value(x)

    def tanh(self):
        t = math.tanh(self.data)
        return Value._of(t, (self, 1 - t * t))

    def exp(self):
        e = math.exp(self.data)
        return Value._of(e, (self, e))

    def log(self):
        return Value._of(math.log(self.data), (self, 1 / self.data))

    def relu(self):
        return Value._of(max(0.0, self.data), (self, 1.0 if self.data > 0 else 0.0))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value._of(s, (self, s * (1 - s)))

    def sin(self):
        return Value._of(math.sin(self.data), (self, math.cos(self.data)))

    def cos(self):
        return Value._of(math.cos(self.data), (self, -math.sin(self.data)))

    def sqrt(self):
        return Value._of(math.sqrt(self.data), (self, 0.5 / math.sqrt(self.data)))

    def backward(self):
        below = {self}
        stack = [self]
        while stack:
            for operand in stack.pop()._operands:
                if operand not in below:
                    below.add(operand)
                    stack.append(operand)
        done = {self: 1.0}

        def pull(node):
            if node not in done:
                done[node] = sum(
                    user._weights[node] * pull(user) for user in node._users if user in below
                )
            return done[node]

        for node in below:
            node.grad = pull(node)
