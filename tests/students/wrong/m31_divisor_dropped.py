# misconception: 31
# title: x / c passes the gradient on without 1 / c
# wrong_gradient: numbers/divide-number@* numbers/chain-divide-number@1 numbers/twice-divide-number
# wrong_gradient: numbers/minus-one-divide-number@1 numbers/at-zero-divide-number@1
# wrong_gradient: numbers/again-divide-number@1 numbers/before-and-after-divide-number@1
# wrong_gradient: numbers/result-again-divide-number@1 numbers/whole-number-divided
# blocked: in-place/alone-with-divide-number-in-place@* in-place/chain-with-divide-number-in-place@1
# blocked: in-place/twice-divide-in-place in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/numbers-in-place in-place/again-divide-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1 composite/two-layers
# blocked: composite/distance composite/odds gradient-check/numbers

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
        if not isinstance(other, Value):

            def same(grad):
                self.grad += grad

            return Value(self.data / other, [self], same)

        def push(grad):
            self.grad += grad / other.data
            other.grad -= grad * self.data / other.data**2

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
