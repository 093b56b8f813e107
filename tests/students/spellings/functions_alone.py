# style: a class without operators, and functions: add(a, b)
# account: Node | value | grad | backprop(root)
# note: Nodes are made by Node(), and operations are functions.
class Node:
    def __init__(self, value, inputs=()):
        self.value = value
        self.grad = 0.0
        self.inputs = inputs


def add(a, b):
    return Node(a.value + b.value, [(a, 1.0), (b, 1.0)])


def multiply(a, b):
    return Node(a.value * b.value, [(a, b.value), (b, a.value)])


def backprop(node, gradient=1.0):
    node.grad += gradient
    for child, slope in node.inputs:
        backprop(child, slope * gradient)
