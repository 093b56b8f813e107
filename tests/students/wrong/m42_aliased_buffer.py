# misconception: 42
# title: The first share becomes the gradient's buffer, and += then changes it for others too
# wrong_gradient: reuse/sum-of-three reuse/two-sums reuse/product-then-sum order/one-step-and-two
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/loop-of-sums
# blocked: state/unused-result random/graph-4 random/graph-6 random/graph-11 random/graph-12
# blocked: gradient-check/product-and-sum robustness/wide-sum@*

import math


def nothing(grad):
    pass


class Value:
    def __init__(self, data, children=None, backwards=nothing):
        self.data = data
        self.buffer = None
        self.children = children if children is not None else []
        self._backwards = backwards

    @property
    def grad(self):
        return self.buffer[0] if self.buffer else 0.0

    def __add__(self, other):
        other = to_value(other)

        def push(grad):
            give(self, grad)
            give(other, grad)

        return Value(self.data + other.data, [self, other], push)

    def __sub__(self, other):
        other = to_value(other)

        def push(grad):
            give(self, [grad[0]])
            give(other, [-(grad[0])])

        return Value(self.data - other.data, [self, other], push)

    def __mul__(self, other):
        other = to_value(other)

        def push(grad):
            give(self, [other.data * grad[0]])
            give(other, [self.data * grad[0]])

        return Value(self.data * other.data, [self, other], push)

    def __truediv__(self, other):
        other = to_value(other)

        def push(grad):
            give(self, [grad[0] / other.data])
            give(other, [-(grad[0] * self.data / other.data**2)])

        return Value(self.data / other.data, [self, other], push)

    def __pow__(self, power):
        def push(grad):
            give(self, [power * self.data ** (power - 1) * grad[0]])

        return Value(self.data**power, [self], push)

    def __neg__(self):
        def push(grad):
            give(self, [-(grad[0])])

        return Value(-self.data, [self], push)

    def __radd__(self, other):
        return to_value(other) + self

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __rpow__(self, base):
        result = base**self.data

        def push(grad):
            give(self, [result * math.log(base) * grad[0]])

        return Value(result, [self], push)

    def __abs__(self):
        return relu(self) + relu(-self)

    def backward(self):
        self.buffer = [1.0]
        for node in sorted_from(self):
            if node.buffer:
                node._backwards(node.buffer)


def to_value(x):
    return x if isinstance(x, Value) else Value(x)


def give(node, share):
    """Adds a share to a node's gradient, a list of one number as numpy would have it."""
    if node.buffer is None:
        node.buffer = share
    else:
        node.buffer[0] += share[0]


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
    t = math.tanh(x.data)

    def push(grad):
        give(x, [(1 - t * t) * grad[0]])

    return Value(t, [x], push)


def exp(x):
    e = math.exp(x.data)

    def push(grad):
        give(x, [e * grad[0]])

    return Value(e, [x], push)


def log(x):
    def push(grad):
        give(x, [grad[0] / x.data])

    return Value(math.log(x.data), [x], push)


def relu(x):
    def push(grad):
        if x.data > 0:
            give(x, [grad[0]])

    return Value(x.data if x.data > 0 else 0, [x], push)


def sigmoid(x):
    s = (1 + math.tanh(x.data / 2)) / 2

    def push(grad):
        give(x, [s * (1 - s) * grad[0]])

    return Value(s, [x], push)


def sin(x):
    def push(grad):
        give(x, [math.cos(x.data) * grad[0]])

    return Value(math.sin(x.data), [x], push)


def cos(x):
    def push(grad):
        give(x, [-(math.sin(x.data) * grad[0])])

    return Value(math.cos(x.data), [x], push)


def sqrt(x):
    return x**0.5
