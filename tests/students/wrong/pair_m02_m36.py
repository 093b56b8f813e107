# misconception: 2, 36
# title: relu assigns, and nothing takes a number on its left
# wrong_gradient: functions/chain-again-relu@1 functions/chain-again-abs@1
# wrong_gradient: functions/before-and-after-relu@* functions/before-and-after-abs@*
# unsupported: values/number-add@1 values/number-subtract@1 values/number-multiply@1
# unsupported: values/number-divide@1 values/number-power@1 numbers/number-add@*
# unsupported: numbers/number-subtract@* numbers/number-multiply@* numbers/number-divide@*
# unsupported: numbers/number-power@* numbers/zero-number-add@1 numbers/zero-number-subtract@1
# unsupported: numbers/zero-number-multiply@1 numbers/zero-number-divide@1 numbers/one-number-add@1
# unsupported: numbers/one-number-subtract@1 numbers/one-number-multiply@1
# unsupported: numbers/one-number-divide@1 numbers/one-number-power@1 numbers/chain-number-add@1
# unsupported: numbers/chain-number-subtract@1 numbers/chain-number-multiply@1
# unsupported: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/twice-number-add
# unsupported: numbers/twice-number-subtract numbers/twice-number-multiply
# unsupported: numbers/twice-number-divide numbers/twice-number-power
# unsupported: numbers/minus-one-number-multiply@1 numbers/minus-one-number-divide@1
# unsupported: numbers/at-zero-number-multiply@1 numbers/at-zero-number-power@1
# unsupported: numbers/sum-from-zero numbers/again-number-add@1 numbers/again-number-subtract@1
# unsupported: numbers/again-number-multiply@1 numbers/again-number-divide@1
# unsupported: numbers/again-number-power@1 numbers/before-and-after-number-add@1
# unsupported: numbers/before-and-after-number-subtract@1 numbers/before-and-after-number-multiply@1
# unsupported: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# unsupported: numbers/result-again-number-add@1 numbers/result-again-number-subtract@1
# unsupported: numbers/result-again-number-multiply@1 numbers/result-again-number-divide@1
# unsupported: numbers/result-again-number-power@1 numbers/divided-by-a-whole-number
# blocked: composite/gated-unit composite/hinge composite/decay composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/sums-of-sigmoid-and-relu@1 composite/products-of-sigmoid-and-relu
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@1 composite/products-of-relu-and-exp
# blocked: gradient-check/numbers

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
            x.grad = grad

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
