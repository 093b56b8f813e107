# style: a table of operations with their derivatives, and a generator that sorts
import math
from operator import add, mul, neg, pow, sub, truediv

RULES = {
    add: (lambda y, a, b: 1.0, lambda y, a, b: 1.0),
    sub: (lambda y, a, b: 1.0, lambda y, a, b: -1.0),
    mul: (lambda y, a, b: b, lambda y, a, b: a),
    truediv: (lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b),
    pow: (lambda y, a, b: b * a ** (b - 1), lambda y, a, b: y * math.log(a) if a > 0 else 0.0),
    neg: (lambda y, a: -1.0,),
    math.exp: (lambda y, a: y,),
    math.log: (lambda y, a: 1.0 / a,),
    math.tanh: (lambda y, a: 1.0 - y**2,),
    math.sqrt: (lambda y, a: 0.5 / y,),
    math.sin: (lambda y, a: math.cos(a),),
    math.cos: (lambda y, a: -math.sin(a),),
}


def apply(function, *args):
    args = [arg if isinstance(arg, Scalar) else Scalar(arg) for arg in args]
    out = Scalar(function(*(arg.value for arg in args)))
    out.function, out.args = function, args
    return out


def binary(function):
    return (
        lambda self, other: apply(function, self, other),
        lambda self, other: apply(function, other, self),
    )


class Scalar:
    function = None
    args = ()

    def __init__(self, value):
        self.value = value
        self.gradient = 0.0

    __add__, __radd__ = binary(add)
    __sub__, __rsub__ = binary(sub)
    __mul__, __rmul__ = binary(mul)
    __truediv__, __rtruediv__ = binary(truediv)
    __pow__, __rpow__ = binary(pow)
    __neg__ = lambda self: apply(neg, self)
    exp = lambda self: apply(math.exp, self)
    log = lambda self: apply(math.log, self)
    tanh = lambda self: apply(math.tanh, self)
    sqrt = lambda self: apply(math.sqrt, self)
    sin = lambda self: apply(math.sin, self)
    cos = lambda self: apply(math.cos, self)

    def walk(self, done):
        if self in done:
            return
        done.add(self)
        for arg in self.args:
            yield from arg.walk(done)
        yield self

    def backward(self):
        self.gradient = 1.0
        for node in reversed(list(self.walk(set()))):
            numbers = [arg.value for arg in node.args]
            for arg, rule in zip(node.args, RULES.get(node.function, ())):
                arg.gradient += rule(node.value, *numbers) * node.gradient
