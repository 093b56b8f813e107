# style: currying: an operation is a function of its derivative, of its operands, of the gradient
# design: number, operands, pull function / fold over lists without mutation, reversed / lists of
#   parts, summed
"""Functional style. unary(f)(df)(x) is a node. Each node has a `pull` that maps a gradient to the list of what its
operands get."""
import math


class Value:
    def __init__(self, data, operands=(), pull=lambda g: ()):
        self.data, self.operands, self.pull, self.grad = data, operands, pull, 0.0


def lift(x):
    return x if isinstance(x, Value) else Value(x)


unary = lambda f: lambda df: lambda x: Value(f(x.data), (x,), lambda g: (df(x.data) * g,))
binary = lambda f: lambda da: lambda db: lambda a: lambda b: Value(
    f(a.data, b.data), (a, b), lambda g: (da(a.data, b.data) * g, db(a.data, b.data) * g)
)
flip = lambda op: lambda b: lambda a: op(a)(b)

add = binary(lambda a, b: a + b)(lambda a, b: 1)(lambda a, b: 1)
sub = binary(lambda a, b: a - b)(lambda a, b: 1)(lambda a, b: -1)
mul = binary(lambda a, b: a * b)(lambda a, b: b)(lambda a, b: a)
div = binary(lambda a, b: a / b)(lambda a, b: 1 / b)(lambda a, b: -a / b**2)
both = binary(lambda a, n: a**n)(lambda a, n: n * a ** (n - 1))(lambda a, n: a**n * math.log(a))
by_number = lambda n: unary(lambda a: a**n)(lambda a: n * a ** (n - 1) if n else 0.0)
to_number = lambda c: unary(lambda x: c**x)(lambda x: c**x * math.log(c))
power = lambda a: lambda n: both(a)(n) if isinstance(n, Value) else by_number(n)(a)

logistic = lambda x: 1 / (1 + math.exp(-x))
for name, f, df in [
    ("__neg__", lambda x: -x, lambda x: -1),
    ("__abs__", abs, lambda x: 1 if x > 0 else -1),
    ("relu", lambda x: max(x, 0), lambda x: int(x > 0)),
    ("tanh", math.tanh, lambda x: 1 - math.tanh(x) ** 2),
    ("exp", math.exp, math.exp),
    ("log", math.log, lambda x: 1 / x),
    ("sigmoid", logistic, lambda x: logistic(x) * (1 - logistic(x))),
    ("sin", math.sin, math.cos),
    ("cos", math.cos, lambda x: -math.sin(x)),
    ("sqrt", math.sqrt, lambda x: 1 / (2 * math.sqrt(x))),
]:
    setattr(Value, name, (lambda op: lambda self: op(self))(unary(f)(df)))
for name, op in [("add", add), ("sub", sub), ("mul", mul), ("truediv", div)]:
    setattr(Value, f"__{name}__", (lambda op: lambda a, b: op(a)(lift(b)))(op))
    setattr(Value, f"__r{name}__", (lambda op: lambda a, b: flip(op)(a)(lift(b)))(op))
Value.__pow__ = lambda a, n: power(a)(n)
Value.__rpow__ = lambda x, c: to_number(c)(x)


def backward(self):
    def sort(node, done):
        return done if node in done else [*fold(sort, node.operands, done), node]

    def fold(f, items, start):
        for item in items:
            start = f(item, start)
        return start

    order = sort(self, [])
    incoming = {node: [] for node in order}
    incoming[self] = [1.0]
    for node in reversed(order):
        total = sum(incoming[node])
        node.grad = node.grad + total
        for operand, gradient in zip(node.operands, node.pull(total)):
            incoming[operand].append(gradient)


Value.backward = backward
