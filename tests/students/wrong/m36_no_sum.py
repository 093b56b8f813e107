# misconception: 36
# title: No __radd__: sum() of Values fails
# unsupported: values/number-add@1 numbers/number-add@* numbers/zero-number-add@1
# unsupported: numbers/one-number-add@1 numbers/chain-number-add@1 numbers/twice-number-add
# unsupported: numbers/sum-from-zero numbers/again-number-add@1
# unsupported: numbers/before-and-after-number-add@1 numbers/result-again-number-add@1
# blocked: composite/decay composite/interference gradient-check/numbers

import math


def nothing(grad):
    pass


class Scalar:
    def __init__(self, value, children=None, backwards=nothing):
        self.value = value
        self.grad = 0.0
        self.children = children if children is not None else []
        self._backwards = backwards

    def __add__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad += grad

        return Scalar(self.value + other.value, [self, other], push)

    def __sub__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad -= grad

        return Scalar(self.value - other.value, [self, other], push)

    def __mul__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += other.value * grad
            other.grad += self.value * grad

        return Scalar(self.value * other.value, [self, other], push)

    def __truediv__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad / other.value
            other.grad -= grad * self.value / other.value**2

        return Scalar(self.value / other.value, [self, other], push)

    def __pow__(self, power):
        def push(grad):
            self.grad += power * self.value ** (power - 1) * grad

        return Scalar(self.value**power, [self], push)

    def __neg__(self):
        def push(grad):
            self.grad -= grad

        return Scalar(-self.value, [self], push)

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __rpow__(self, base):
        result = base**self.value

        def push(grad):
            self.grad += result * math.log(base) * grad

        return Scalar(result, [self], push)

    def __abs__(self):
        return relu(self) + relu(-self)

    def backprop(self):
        self.grad = 1.0
        for node in sorted_from(self):
            node._backwards(node.grad)


def to_value(x):
    return x if isinstance(x, Scalar) else Scalar(x)


def sorted_from(root):
    """Nodes, each before all that it was made of: counts how many still wait for it."""
    uses, found = {root: 0}, [root]
    for node in found:
        for child in node.children:
            if child not in uses:
                uses[child] = 0
                found.append(child)
            uses[child] += 1
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in node.children:
            uses[child] -= 1
            if uses[child] == 0:
                ready.append(child)
    return order


def tanh(x):
    t = math.tanh(x.value)

    def push(grad):
        x.grad += (1 - t * t) * grad

    return Scalar(t, [x], push)


def exp(x):
    e = math.exp(x.value)

    def push(grad):
        x.grad += e * grad

    return Scalar(e, [x], push)


def log(x):
    def push(grad):
        x.grad += grad / x.value

    return Scalar(math.log(x.value), [x], push)


def relu(x):
    def push(grad):
        if x.value > 0:
            x.grad += grad

    return Scalar(x.value if x.value > 0 else 0, [x], push)


def sigmoid(x):
    s = (1 + math.tanh(x.value / 2)) / 2

    def push(grad):
        x.grad += s * (1 - s) * grad

    return Scalar(s, [x], push)


def sin(x):
    def push(grad):
        x.grad += math.cos(x.value) * grad

    return Scalar(math.sin(x.value), [x], push)


def cos(x):
    def push(grad):
        x.grad -= math.sin(x.value) * grad

    return Scalar(math.cos(x.value), [x], push)


def sqrt(x):
    return x**0.5
