# style: the gradient is a property that raises until backward has come by
# design: number, pairs of parent and slope, gradient None / recursive, set of ids, reversed /
#   private sums that begin at 0 in backward
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
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self._g = None
        self.parents = parents

    @property
    def grad(self):
        if self._g is None: raise RuntimeError('call backward() first')
        return self._g
    def backward(self):
        order, seen = [], set()
        def visit(n):
            if id(n) not in seen:
                seen.add(id(n))
                for p, _ in n.parents: visit(p)
                order.append(n)
        visit(self)
        for n in order: n._g = n._g or 0.0
        self._g = 1.0
        for n in reversed(order):
            for p, s in n.parents: p._g += s * n._g

for _n in D:
    _o, _r = _binary(_n)
    setattr(Value, f"__{_n}__", _o)
    setattr(Value, f"__r{_n}__", _r)
for _n in U:
    setattr(Value, _n, _unary(_n))
