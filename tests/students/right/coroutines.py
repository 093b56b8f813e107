# style: each operation is a generator: it yields its result, is sent a gradient, and yields the operands'
# design: number alone, inputs and generator set later / generator of the post-order, reversed /
#   generator is sent the gradient and yields parts
"""Generators are the closures here. An operation runs up to its first yield (the forward number).
The backward pass runs it again and sends it the gradient of its result; what it then yields are
(operand, gradient) pairs."""
import functools
import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.inputs = ()
        self.recipe = None

    def __repr__(self):
        return f"<{self.data} | {self.grad}>"


def operation(generator_function):
    @functools.wraps(generator_function)
    def call(*args):
        nodes = tuple(a if isinstance(a, Value) else Value(a) for a in args)
        result = Value(next(generator_function(*nodes)))
        result.inputs, result.recipe = nodes, generator_function
        return result

    return call


@operation
def add(a, b):
    g = yield a.data + b.data
    yield a, g
    yield b, g


@operation
def mul(a, b):
    g = yield a.data * b.data
    yield a, g * b.data
    yield b, g * a.data


@operation
def div(a, b):
    g = yield a.data / b.data
    yield a, g / b.data
    yield b, -g * a.data / b.data**2


@operation
def power(a, b):
    p = a.data**b.data
    g = yield p
    if b.data != 0:
        yield a, g * b.data * a.data ** (b.data - 1)
    if a.data > 0:
        yield b, g * p * math.log(a.data)


@operation
def tanh(x):
    t = math.tanh(x.data)
    g = yield t
    yield x, g * (1 - t**2)


@operation
def exp(x):
    e = math.exp(x.data)
    g = yield e
    yield x, g * e


@operation
def log(x):
    g = yield math.log(x.data)
    yield x, g / x.data


@operation
def relu(x):
    g = yield max(0, x.data)
    yield x, g * (x.data > 0)


@operation
def sigmoid(x):
    s = 1 / (1 + math.exp(-x.data))
    g = yield s
    yield x, g * s * (1 - s)


@operation
def sin(x):
    g = yield math.sin(x.data)
    yield x, g * math.cos(x.data)


@operation
def cos(x):
    g = yield math.cos(x.data)
    yield x, -g * math.sin(x.data)


@operation
def absolute(x):
    g = yield abs(x.data)
    yield x, (g if x.data > 0 else -g)


def sqrt(x):
    return power(x, 0.5)


def neg(x):
    return mul(x, -1)


def post_order(node, seen):
    if node not in seen:
        seen.add(node)
        for one in node.inputs:
            yield from post_order(one, seen)
        yield node


def resume(node):
    running = node.recipe(*node.inputs)
    next(running)
    try:
        yield running.send(node.grad)
        yield from running
    except StopIteration:
        return  # it had nothing to send, as x ** 0 has


def backward(self):
    order = list(post_order(self, set()))
    self.grad += 1.0
    for node in reversed(order):
        if node.recipe is not None:
            for target, g in resume(node):
                target.grad += g


Value.backward = backward
Value.__add__ = lambda self, other: add(self, other)
Value.__radd__ = lambda self, other: add(other, self)
Value.__sub__ = lambda self, other: add(self, neg(other))
Value.__rsub__ = lambda self, other: add(other, neg(self))
Value.__mul__ = lambda self, other: mul(self, other)
Value.__rmul__ = lambda self, other: mul(other, self)
Value.__truediv__ = lambda self, other: div(self, other)
Value.__rtruediv__ = lambda self, other: div(other, self)
Value.__pow__ = lambda self, other: power(self, other)
Value.__rpow__ = lambda self, other: power(other, self)
Value.__neg__ = neg
Value.__abs__ = absolute
for function in (tanh, exp, log, relu, sigmoid, sin, cos, sqrt):
    setattr(Value, function.__name__, function)
