# misconception: 23
# title: Division leaves out what comes from above for the divisor
# wrong_gradient: operators/quotient-by-1@2 operators/quotient-by-1@3 operators/chain-quotient@1
# wrong_gradient: operators/again-both-quotient@1 operators/before-and-after-both-quotient@1
# wrong_gradient: operators/pairs-quotient@1 operators/uneven-results-quotient@1
# wrong_gradient: operators/uneven-results-mirrored-quotient@1 operators/results-again-quotient@1
# blocked: numbers/one-number-divide@1 numbers/chain-number-divide@1
# blocked: numbers/minus-one-number-divide@1 numbers/result-again-number-divide@1
# blocked: in-place/zero-and-one-divide-in-place@2 in-place/chain-divide-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-both-divide-in-place@1
# blocked: composite/rational composite/softmax composite/hinge composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/growth composite/reciprocals
# blocked: composite/odds composite/potential composite/harmonic random/graph-6 random/graph-8
# blocked: random/graph-11 random/graph-12

import math


def nothing(grad):
    pass


class Value:
    def __init__(self, data, children=None, backwards=nothing):
        self.data = data
        self.grad = 0.0
        self.children = children if children is not None else []
        self._backwards = backwards

    def __add__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad += grad

        return Value(self.data + other.data, [self, other], push)

    def __sub__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad -= grad

        return Value(self.data - other.data, [self, other], push)

    def __mul__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += other.data * grad
            other.grad += self.data * grad

        return Value(self.data * other.data, [self, other], push)

    def __truediv__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad / other.data
            other.grad -= self.data / other.data**2

        return Value(self.data / other.data, [self, other], push)

    def __pow__(self, power):
        def push(grad):
            self.grad += power * self.data ** (power - 1) * grad

        return Value(self.data**power, [self], push)

    def __neg__(self):
        def push(grad):
            self.grad -= grad

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
            self.grad += result * math.log(base) * grad

        return Value(result, [self], push)

    def __abs__(self):
        return relu(self) + relu(-self)

    def backward(self):
        self.grad = 1.0
        for node in sorted_from(self):
            node._backwards(node.grad)


def to_value(x):
    return x if isinstance(x, Value) else Value(x)


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
        x.grad += (1 - t * t) * grad

    return Value(t, [x], push)


def exp(x):
    e = math.exp(x.data)

    def push(grad):
        x.grad += e * grad

    return Value(e, [x], push)


def log(x):
    def push(grad):
        x.grad += grad / x.data

    return Value(math.log(x.data), [x], push)


def relu(x):
    def push(grad):
        if x.data > 0:
            x.grad += grad

    return Value(x.data if x.data > 0 else 0, [x], push)


def sigmoid(x):
    s = (1 + math.tanh(x.data / 2)) / 2

    def push(grad):
        x.grad += s * (1 - s) * grad

    return Value(s, [x], push)


def sin(x):
    def push(grad):
        x.grad += math.cos(x.data) * grad

    return Value(math.sin(x.data), [x], push)


def cos(x):
    def push(grad):
        x.grad -= math.sin(x.data) * grad

    return Value(math.cos(x.data), [x], push)


def sqrt(x):
    return x**0.5
