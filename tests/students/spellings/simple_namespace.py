# style: no class: plain namespaces and functions
# account: - | data | grad | backward(root)
# note: Nodes are made by Value(), and operations are functions.
from types import SimpleNamespace


def Value(data, inputs=()):
    return SimpleNamespace(data=data, grad=0.0, inputs=inputs)


def add(a, b):
    return Value(a.data + b.data, ((a, 1.0), (b, 1.0)))


def mul(a, b):
    return Value(a.data * b.data, ((a, b.data), (b, a.data)))


def backward(node, gradient=1.0):
    node.grad += gradient
    for child, slope in node.inputs:
        backward(child, slope * gradient)
