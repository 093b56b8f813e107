# style: a tape of tuples, read from its end
import math

TAPE = []


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def backward(self):
        for out, inputs, slopes in TAPE:
            out.grad = 0.0
        self.grad = 1.0
        for out, inputs, slopes in reversed(TAPE):
            for node, slope in zip(inputs, slopes):
                node.grad += slope * out.grad


def note(data, inputs, slopes):
    out = Value(data)
    TAPE.append((out, inputs, slopes))
    return out


def box(x):
    return x if isinstance(x, Value) else Value(x)


def add(a, b):
    a, b = box(a), box(b)
    return note(a.data + b.data, (a, b), (1.0, 1.0))


def sub(a, b):
    a, b = box(a), box(b)
    return note(a.data - b.data, (a, b), (1.0, -1.0))


def mul(a, b):
    a, b = box(a), box(b)
    return note(a.data * b.data, (a, b), (b.data, a.data))


def div(a, b):
    a, b = box(a), box(b)
    return note(a.data / b.data, (a, b), (1.0 / b.data, -a.data / b.data**2))


def power(a, n):
    if isinstance(n, Value):
        return (n * a.log()).exp()
    return note(a.data**n, (a,), (n * a.data ** (n - 1) if n else 0.0,))


def neg(a):
    return note(-a.data, (a,), (-1.0,))


def exp(a):
    y = math.exp(a.data)
    return note(y, (a,), (y,))


def log(a):
    return note(math.log(a.data), (a,), (1.0 / a.data,))


def tanh(a):
    y = math.tanh(a.data)
    return note(y, (a,), (1.0 - y * y,))


def relu(a):
    return note(max(a.data, 0.0), (a,), (1.0 if a.data > 0 else 0.0,))


def sigmoid(a):
    y = 1.0 / (1.0 + math.exp(-a.data))
    return note(y, (a,), (y * (1.0 - y),))


Value.__add__ = Value.__radd__ = add
Value.__sub__ = sub
Value.__rsub__ = lambda a, b: sub(b, a)
Value.__mul__ = Value.__rmul__ = mul
Value.__truediv__ = div
Value.__rtruediv__ = lambda a, b: div(b, a)
Value.__pow__ = power
Value.__rpow__ = lambda a, base: note(base**a.data, (a,), (base**a.data * math.log(base),))
Value.__neg__ = neg
Value.exp, Value.log, Value.tanh, Value.relu, Value.sigmoid = exp, log, tanh, relu, sigmoid
