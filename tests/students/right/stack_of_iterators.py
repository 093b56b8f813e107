# style: __slots__, local slopes beside the operands; depth first with a stack of iterators
# design: slots, number, tuples of operands and slopes / stack of iterators, reversed / += by zip
import math


class Value:
    __slots__ = "data", "grad", "operands", "slopes"

    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.operands = self.slopes = ()

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def backward(self):
        order = []
        visited = {self}
        stack = [(self, iter(self.operands))]
        while stack:
            node, operands = stack[-1]
            operand = next(operands, None)
            if operand is None:
                order.append(node)
                stack.pop()
            elif operand not in visited:
                visited.add(operand)
                stack.append((operand, iter(operand.operands)))
        self.grad = 1.0
        for node in reversed(order):
            for operand, slope in zip(node.operands, node.slopes):
                operand.grad += slope * node.grad

    def __add__(self, other):
        return derived(number(self) + number(other), (self, other), (1, 1))

    def __sub__(self, other):
        return derived(number(self) - number(other), (self, other), (1, -1))

    def __mul__(self, other):
        return derived(number(self) * number(other), (self, other), (number(other), self.data))

    def __truediv__(self, other):
        b = number(other)
        return derived(self.data / b, (self, other), (1 / b, -self.data / (b * b)))

    def __pow__(self, other):
        a, n = self.data, number(other)
        slopes = [n * a ** (n - 1) if n != 0 else 0.0]
        if isinstance(other, Value):
            slopes.append(math.log(a) * a**n)
        return derived(a**n, (self, other)[: len(slopes)], slopes)

    def __radd__(self, other):
        return derived(other + self.data, (self,), (1,))

    def __rsub__(self, other):
        return derived(other - self.data, (self,), (-1,))

    def __rmul__(self, other):
        return derived(other * self.data, (self,), (other,))

    def __rtruediv__(self, other):
        return derived(other / self.data, (self,), (-other / (self.data * self.data),))

    def __rpow__(self, other):
        power = other**self.data
        return derived(power, (self,), (math.log(other) * power,))

    def __neg__(self):
        return derived(-self.data, (self,), (-1,))

    def __abs__(self):
        return derived(abs(self.data), (self,), (1 if self.data > 0 else -1,))

    def relu(self):
        return derived(self.data if self.data > 0 else 0, (self,), (1 if self.data > 0 else 0,))

    def tanh(self):
        t = math.tanh(self.data)
        return derived(t, (self,), (1 - t * t,))

    def exp(self):
        e = math.exp(self.data)
        return derived(e, (self,), (e,))

    def log(self):
        return derived(math.log(self.data), (self,), (1 / self.data,))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return derived(s, (self,), (s * (1 - s),))

    def sin(self):
        return derived(math.sin(self.data), (self,), (math.cos(self.data),))

    def cos(self):
        return derived(math.cos(self.data), (self,), (-math.sin(self.data),))

    def sqrt(self):
        r = math.sqrt(self.data)
        return derived(r, (self,), (1 / (2 * r),))


def number(x):
    return x.data if isinstance(x, Value) else x



def derived(data, operands, slopes):
    """A result. Plain numbers among the operands are left out, with their slopes."""
    out = Value(data)
    kept = [(x, d) for x, d in zip(operands, slopes) if isinstance(x, Value)]
    out.operands, out.slopes = zip(*kept)
    return out
