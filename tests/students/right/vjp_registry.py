# style: a registry of primitives with their vector-Jacobian products, and boxes that trace
# design: box with function, arguments and parents / counts in a dictionary, generator / dictionary
#   popped, vjp of a registry
"""
The way HIPS autograd is built, shrunk to scalars: `primitive` wraps a function of floats so that it also takes
Boxes, `defvjp` says how to differentiate it, and a Box traces what is done with it.
"""
import math

_vjps = {}


def primitive(f):
    def traced(*args):
        boxes = [a for a in args if isinstance(a, Box)]
        values = [a.value if isinstance(a, Box) else a for a in args]
        answer = f(*values)
        if not boxes:
            return answer
        parents = [(a, i) for i, a in enumerate(args) if isinstance(a, Box)]
        return Box(answer, traced, values, parents)

    traced.__name__ = f.__name__
    return traced


def defvjp(f, *makers):
    _vjps[f] = makers


@primitive
def add(x, y): return x + y

@primitive
def subtract(x, y): return x - y

@primitive
def multiply(x, y): return x * y

@primitive
def divide(x, y): return x / y

@primitive
def power(x, y): return x ** y

@primitive
def negative(x): return -x

@primitive
def absolute(x): return abs(x)

@primitive
def relu(x): return x if x > 0 else 0.0

@primitive
def sigmoid(x): return 1.0 / (1.0 + math.exp(-x))


tanh, exp, log, sin, cos, sqrt = map(
    primitive, (math.tanh, math.exp, math.log, math.sin, math.cos, math.sqrt)
)

# g: gradient of the answer, ans: the answer, then the arguments
defvjp(add, lambda g, ans, x, y: g, lambda g, ans, x, y: g)
defvjp(subtract, lambda g, ans, x, y: g, lambda g, ans, x, y: -g)
defvjp(multiply, lambda g, ans, x, y: y * g, lambda g, ans, x, y: x * g)
defvjp(divide, lambda g, ans, x, y: g / y, lambda g, ans, x, y: -g * x / y ** 2)
defvjp(power,
       lambda g, ans, x, y: g * y * x ** (y - 1) if y else 0.0,
       lambda g, ans, x, y: g * math.log(x) * x ** y)
defvjp(negative, lambda g, ans, x: -g)
defvjp(absolute, lambda g, ans, x: g * math.copysign(1.0, x))
defvjp(relu, lambda g, ans, x: g if x > 0 else 0.0)
defvjp(sigmoid, lambda g, ans, x: g * ans * (1.0 - ans))
defvjp(tanh, lambda g, ans, x: g * (1.0 - ans ** 2))
defvjp(exp, lambda g, ans, x: g * ans)
defvjp(log, lambda g, ans, x: g / x)
defvjp(sin, lambda g, ans, x: g * math.cos(x))
defvjp(cos, lambda g, ans, x: -g * math.sin(x))
defvjp(sqrt, lambda g, ans, x: 0.5 * g / ans)


class Box:
    def __init__(self, value, fun=None, args=(), parents=()):
        self.value = value
        self.gradient = None
        self.fun, self.args, self.parents = fun, args, parents

    __add__ = lambda self, other: add(self, other)
    __radd__ = lambda self, other: add(other, self)
    __sub__ = lambda self, other: subtract(self, other)
    __rsub__ = lambda self, other: subtract(other, self)
    __mul__ = lambda self, other: multiply(self, other)
    __rmul__ = lambda self, other: multiply(other, self)
    __truediv__ = lambda self, other: divide(self, other)
    __rtruediv__ = lambda self, other: divide(other, self)
    __pow__ = lambda self, other: power(self, other)
    __rpow__ = lambda self, other: power(other, self)
    __neg__ = lambda self: negative(self)
    __abs__ = lambda self: absolute(self)

    def backprop(self):
        for node, g in backward_pass(1.0, self):
            node.gradient = g


def toposort(end):
    counts, stack = {}, [end]
    while stack:
        node = stack.pop()
        if node in counts:
            counts[node] += 1
        else:
            counts[node] = 1
            stack.extend(parent for parent, _ in node.parents)
    childless = [end]
    while childless:
        node = childless.pop()
        yield node
        for parent, _ in node.parents:
            if counts[parent] == 1:
                childless.append(parent)
            else:
                counts[parent] -= 1


def backward_pass(g, end):
    outgrads = {end: g}
    for node in toposort(end):
        outgrad = outgrads.pop(node)
        yield node, outgrad
        for parent, argnum in node.parents:
            part = _vjps[node.fun][argnum](outgrad, node.value, *node.args)
            outgrads[parent] = outgrads.get(parent, 0.0) + part
