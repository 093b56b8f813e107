# style: the operator module on whatever number comes in: ints stay ints, Fractions stay exact
# design: any number, list of sources / rounds over those that miss nothing / += with exact numbers
"""Nothing is converted to float unless a function makes a float of it. Value(3) * Value(4) is 12, not 12.0, and
with Fractions the gradients are exact (which I used for testing)."""
import math
import numbers
import operator


class Value:
    def __init__(self, data):
        if not isinstance(data, numbers.Number):
            raise TypeError("a Value needs a number, not %r" % (data,))
        self.data = data
        self.grad = 0
        self._from = []

    def _do(self, f, others, *derivatives):
        others = [o if isinstance(o, Value) else Value(o) for o in others]
        args = [self] + others
        numbers_ = [a.data for a in args]
        out = Value(f(*numbers_))
        for a, d in zip(args, derivatives):
            out._from.append((a, d(*numbers_)))
        return out

    def __add__(self, other):
        return self._do(operator.add, [other], lambda a, b: 1, lambda a, b: 1)

    def __sub__(self, other):
        return self._do(operator.sub, [other], lambda a, b: 1, lambda a, b: -1)

    def __mul__(self, other):
        return self._do(operator.mul, [other], lambda a, b: b, lambda a, b: a)

    def __truediv__(self, other):
        return self._do(operator.truediv, [other], lambda a, b: 1 / b, lambda a, b: -a / b / b)

    def __pow__(self, n):
        if isinstance(n, Value):
            return self._do(
                operator.pow, [n], lambda a, b: b * a ** (b - 1), lambda a, b: math.log(a) * a ** b
            )
        return self._do(lambda a: a ** n, [], lambda a: n * a ** (n - 1) if n else 0)

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other) ** self

    def __neg__(self):
        return self._do(operator.neg, [], lambda a: -1)

    def __abs__(self):
        return self._do(abs, [], lambda a: (a > 0) - (a < 0))

    def relu(self):
        return self._do(lambda a: max(a, 0), [], lambda a: int(a > 0))

    def exp(self):
        return self._do(math.exp, [], math.exp)

    def log(self):
        return self._do(math.log, [], lambda a: 1 / a)

    def sin(self):
        return self._do(math.sin, [], math.cos)

    def cos(self):
        return self._do(math.cos, [], lambda a: -math.sin(a))

    def tanh(self):
        return self._do(math.tanh, [], lambda a: 1 - math.tanh(a) ** 2)

    def sqrt(self):
        return self._do(math.sqrt, [], lambda a: 1 / (2 * math.sqrt(a)))

    def sigmoid(self):
        def f(a):
            return 1 / (1 + math.exp(-a))

        return self._do(f, [], lambda a: f(a) * f(-a))

    def backward(self):
        # breadth-first for the nodes, then as often "ready" as it takes
        nodes, missing = [self], {self: 0}
        for node in nodes:
            for parent, _ in node._from:
                if parent not in missing:
                    missing[parent] = 0
                    nodes.append(parent)
        for node in nodes:
            for parent, _ in node._from:
                missing[parent] += 1
        self.grad = 1
        while missing:
            ready = [node for node, count in missing.items() if count == 0]
            for node in ready:
                del missing[node]
                for parent, slope in node._from:
                    parent.grad += slope * node.grad
                    missing[parent] -= 1
