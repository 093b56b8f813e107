# style: a decorator turns a function of floats into a method of nodes; nodes sorted by depth
# design: number, inputs and depth set by a decorator / sets of ancestors, sorted by depth / += of
#   slopes computed late
"""@slopes(...) says how to differentiate the function below it: one lambda for each operand, called with the
result and the operands."""
import functools
import math


def slopes(*partials):
    def decorate(function):
        @functools.wraps(function)
        def method(*operands):
            nodes = [x if isinstance(x, Value) else Value(x) for x in operands]
            numbers = [node.data for node in nodes]
            result = Value(function(*numbers))
            result.inputs = [
                (node, functools.partial(partial, result.data, *numbers))
                for node, partial in zip(nodes, partials)
            ]
            result.depth = 1 + max(node.depth for node in nodes)
            return result

        return method

    return decorate


def swapped(method):
    return lambda self, other: method(other, self)


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.inputs = []
        self.depth = 0

    @slopes(lambda y, a, b: 1, lambda y, a, b: 1)
    def __add__(a, b):
        return a + b

    @slopes(lambda y, a, b: 1, lambda y, a, b: -1)
    def __sub__(a, b):
        return a - b

    @slopes(lambda y, a, b: b, lambda y, a, b: a)
    def __mul__(a, b):
        return a * b

    @slopes(lambda y, a, b: 1 / b, lambda y, a, b: -y / b)
    def __truediv__(a, b):
        return a / b

    @slopes(
        lambda y, a, n: n * a ** (n - 1) if n else 0.0,
        lambda y, a, n: y * math.log(a) if a > 0 else 0.0,
    )
    def __pow__(a, n):
        return a**n

    __radd__ = swapped(__add__)
    __rsub__ = swapped(__sub__)
    __rmul__ = swapped(__mul__)
    __rtruediv__ = swapped(__truediv__)
    __rpow__ = swapped(__pow__)

    @slopes(lambda y, x: -1)
    def __neg__(x):
        return -x

    @slopes(lambda y, x: y / x)
    def __abs__(x):
        return abs(x)

    @slopes(lambda y, x: x > 0)
    def relu(x):
        return x if x > 0 else 0

    @slopes(lambda y, x: 1 - y * y)
    def tanh(x):
        return math.tanh(x)

    @slopes(lambda y, x: y)
    def exp(x):
        return math.exp(x)

    @slopes(lambda y, x: 1 / x)
    def log(x):
        return math.log(x)

    @slopes(lambda y, x: y * (1 - y))
    def sigmoid(x):
        return 1 / (1 + math.exp(-x))

    @slopes(lambda y, x: math.cos(x))
    def sin(x):
        return math.sin(x)

    @slopes(lambda y, x: -math.sin(x))
    def cos(x):
        return math.cos(x)

    @slopes(lambda y, x: 1 / (2 * y))
    def sqrt(x):
        return math.sqrt(x)

    def backward(self):
        graph, todo = {self}, [self]
        while todo:
            new = {node for node, _ in todo.pop().inputs} - graph
            graph |= new
            todo.extend(new)
        self.grad = 1.0
        for node in sorted(graph, key=lambda node: node.depth, reverse=True):
            for operand, slope in node.inputs:
                operand.grad += slope() * node.grad
