# misconception: 50
# title: log is not among the imported names
# error: values/number-power@1 values/log@1 numbers/number-power@* numbers/one-number-power@1
# error: numbers/chain-number-power@1 numbers/twice-number-power numbers/at-zero-number-power@1
# error: numbers/again-number-power@1 numbers/before-and-after-number-power@1
# error: numbers/result-again-number-power@1 functions/log@* functions/chain-log@1
# error: functions/chain-again-log@1 functions/again-log@* functions/before-and-after-log@*
# error: functions/twice-log@1 functions/result-again-log@1
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/log-ratio composite/entropy composite/growth composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/reciprocals composite/odds
# blocked: composite/potential gradient-check/numbers gradient-check/log

from math import cos, exp, sin, sqrt, tanh


class Node:
    """A number with the local derivative by each of its children."""

    def __init__(self, val, children=()):
        self.val = val
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Node) else Node(x)

    def __add__(self, other):
        other = Node.wrap(other)
        return Node(self.val + other.val, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Node.wrap(other)
        return Node(self.val - other.val, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Node.wrap(other)
        return Node(self.val * other.val, ((self, other.val), (other, self.val)))

    def __truediv__(self, other):
        other = Node.wrap(other)
        a, b = self.val, other.val
        return Node(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Node):
            out = self.val**n.val
            by_base = n.val * self.val ** (n.val - 1)
            return Node(out, ((self, by_base), (n, out * log(self.val))))
        return Node(self.val**n, ((self, n * self.val ** (n - 1)),))

    def __neg__(self):
        return Node(-self.val, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Node.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Node.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.val
        return Node(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.val)
        return Node(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.val)
        return Node(e, ((self, e),))

    def log(self):
        return Node(log(self.val), ((self, 1 / self.val),))

    def relu(self):
        return Node(max(0.0, self.val), ((self, 1.0 if self.val > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.val)
        return Node(s, ((self, s * (1 - s)),))

    def sin(self):
        return Node(sin(self.val), ((self, cos(self.val)),))

    def cos(self):
        return Node(cos(self.val), ((self, -sin(self.val)),))

    def sqrt(self):
        r = sqrt(self.val)
        return Node(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Node(abs(self.val), ((self, 1.0 if self.val > 0 else -1.0),))

    def order(self):
        seen, done, stack = set(), [], [(self, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                for child, _ in node.children:
                    stack.append((child, False))
        return done[::-1]

    def backwards(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
