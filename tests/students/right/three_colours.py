# style: iterative depth-first search with explicit iterators; grey and black nodes; gradients reset
# design: number, parents and slopes / stack of iterators, grey and black, popped from the end /
#   reset, then an assigned sum
"""HW2, problem 3. I did the DFS with a stack because the recursive one crashed on my long chains."""
import math


class Value:
    def __init__(self, v, parents=(), slopes=()):
        self.v = v
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes

    @staticmethod
    def wrap(x):
        if isinstance(x, Value):
            return x
        if isinstance(x, (int, float)):
            return Value(x)
        raise TypeError(f"cannot compute with {type(x).__name__}")

    # -- order -------------------------------------------------------------

    def postorder(self):
        grey, black = {self}, []
        stack = [(self, iter(self.parents))]
        while stack:
            node, rest = stack[-1]
            fresh = next((p for p in rest if p not in grey), None)
            if fresh is None:
                stack.pop()
                black.append(node)
            else:
                grey.add(fresh)
                stack.append((fresh, iter(fresh.parents)))
        return black

    def backprop(self):
        order = self.postorder()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        while order:
            node = order.pop()
            for p, s in zip(node.parents, node.slopes):
                p.grad = p.grad + node.grad * s

    # -- arithmetic --------------------------------------------------------

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.v + other.v, (self, other), (1.0, 1.0))

    def __neg__(self):
        return Value(-self.v, (self,), (-1.0,))

    def __sub__(self, other):
        return self + (-Value.wrap(other))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.v * other.v, (self, other), (other.v, self.v))

    def __truediv__(self, other):
        other = Value.wrap(other)
        return Value(self.v / other.v, (self, other), (1.0 / other.v, -self.v / other.v ** 2))

    def __pow__(self, n):
        if isinstance(n, Value):
            raise TypeError("the exponent must be a number")
        if n == 0:
            return Value(1.0, (self,), (0.0,))
        return Value(self.v ** n, (self,), (n * self.v ** (n - 1),))

    def __radd__(self, other):
        return Value.wrap(other) + self

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return Value.wrap(other) * self

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def __rpow__(self, base):
        y = base ** self.v
        return Value(y, (self,), (math.log(base) * y,))

    # -- functions ---------------------------------------------------------

    def tanh(self):
        # (e^2x - 1) / (e^2x + 1)
        e = math.exp(2 * self.v)
        t = (e - 1) / (e + 1)
        return Value(t, (self,), (1 - t ** 2,))

    def exp(self):
        y = math.exp(self.v)
        return Value(y, (self,), (y,))

    def log(self):
        return Value(math.log(self.v), (self,), (1.0 / self.v,))

    def relu(self):
        positive = self.v > 0
        return Value(self.v if positive else 0.0, (self,), (1.0 if positive else 0.0,))

    def sigmoid(self):
        s = math.exp(self.v) / (1 + math.exp(self.v))
        return Value(s, (self,), (s * (1 - s),))

    def sin(self):
        return Value(math.sin(self.v), (self,), (math.cos(self.v),))

    def cos(self):
        return Value(math.cos(self.v), (self,), (-math.sin(self.v),))

    def sqrt(self):
        r = math.sqrt(self.v)
        return Value(r, (self,), (1 / (r + r),))

    def abs(self):
        return Value(abs(self.v), (self,), (1.0 if self.v > 0 else -1.0,))

    __abs__ = abs
