# style: the class stands within another one: Engine.Value
# design: inner class, number, pairs of parent and slope / recursive, times of finishing, sorted by
#   them / dictionary by node, assigned to all at the end
import itertools
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

class Engine:
    class Value:
        def __init__(self, data, parents=()):
            self.data = data
            self.grad = 0.0
            self.parents = parents

        def backward(self):
            finished, clock = {}, itertools.count()
            def visit(n):
                finished[n] = None
                for p, _ in n.parents:
                    if p not in finished: visit(p)
                finished[n] = next(clock)
            visit(self)
            bar = dict.fromkeys(finished, 0.0)
            bar[self] = 1.0
            for n in sorted(finished, key=finished.get, reverse=True):
                for p, s in n.parents: bar[p] += s * bar[n]
            for n in bar: n.grad = bar[n]

def _binary(name):
    f, d = D[name]
    def op(self, other):
        other = other if isinstance(other, Engine.Value) else Engine.Value(other)
        a, b = d(self.data, other.data)
        return Engine.Value(f(self.data, other.data), ((self, a), (other, b)))
    def rop(self, other):
        return op(Engine.Value(other), self)
    return op, rop
def _unary(name):
    f, d = U[name]
    def op(self):
        return Engine.Value(f(self.data), ((self, d(self.data)),))
    return op

for _n in D:
    _o, _r = _binary(_n)
    setattr(Engine.Value, f"__{_n}__", _o)
    setattr(Engine.Value, f"__r{_n}__", _r)
for _n in U:
    setattr(Engine.Value, _n, _unary(_n))
