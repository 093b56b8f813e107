# style: the class is made by a call of types.new_class, out of functions
# design: new_class, number, pairs of parent and slope / waves of paths, one step longer each /
#   dictionaries by node, added up wave by wave
import math
from math import log, copysign
D = {
 "add": (lambda a, b: a + b, lambda a, b: (1.0, 1.0)),
 "sub": (lambda a, b: a - b, lambda a, b: (1.0, -1.0)),
 "mul": (lambda a, b: a * b, lambda a, b: (b, a)),
 "truediv": (lambda a, b: a / b, lambda a, b: (1 / b, -a / (b * b))),
 "pow": (lambda a, b: a ** b, lambda a, b: (b * a ** (b - 1) if b else 0.0, a ** b * log(a) if a > 0 else 0.0)),
}
U = {
 "__neg__": (lambda a: -a, lambda a: -1.0), "__abs__": (abs, lambda a: copysign(1.0, a)),
 "tanh": (math.tanh, lambda a: 1 - math.tanh(a) ** 2), "exp": (math.exp, math.exp), "log": (math.log, lambda a: 1 / a),
 "relu": (lambda a: a if a > 0 else 0.0, lambda a: 1.0 if a > 0 else 0.0),
 "sigmoid": (lambda a: 1 / (1 + math.exp(-a)), lambda a: 1 / (1 + math.exp(-a)) * (1 - 1 / (1 + math.exp(-a)))),
 "sin": (math.sin, math.cos), "cos": (math.cos, lambda a: -math.sin(a)), "sqrt": (math.sqrt, lambda a: 0.5 / math.sqrt(a)),
}

def _binary(name):
    f, d = D[name]
    def op(self, other):
        other = other if isinstance(other, Value) else Value(other)
        a, b = d(self.data, other.data)
        return Value(f(self.data, other.data), ((self, a), (other, b)))
    def rop(self, other):
        return op(Value(other), self)
    return op, rop
def _unary(name):
    f, d = U[name]
    def op(self):
        return Value(f(self.data), ((self, d(self.data)),))
    return op

import types
def _init(self, data, parents=()):
    self.data, self.grad, self.parents = data, 0.0, parents
def backward(self):
    wave, total = {self: 1.0}, {}
    while wave:  # all paths that are one step longer than those before
        longer = {}
        for n, g in wave.items():
            total[n] = total.get(n, 0.0) + g
            for p, s in n.parents: longer[p] = longer.get(p, 0.0) + s * g
        wave = longer
    for n, g in total.items(): n.grad += g

_ns = {"__init__": _init, "backward": backward}
for _n in D:
    _o, _r = _binary(_n)
    _ns[f"__{_n}__"], _ns[f"__r{_n}__"] = _o, _r
for _n in U: _ns[_n] = _unary(_n)
Value = types.new_class("Value", (), {}, lambda ns: ns.update(_ns))
