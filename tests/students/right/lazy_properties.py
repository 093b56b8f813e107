# style: nothing is computed until asked for: data and grad are properties of a lazy expression
# design: number or a lazy rule with operands / recursive, set of ids, popped from the end / +=
#   through a property
"""Lazy evaluation. An operation only notes what is to be done. `data` is worked out when somebody reads it, and kept."""
import math
from functools import cached_property


class Value:
    def __init__(self, number=None, *, how=None, of=()):
        self._number = number
        self._how = how
        self._of = tuple(x if isinstance(x, Value) else Value(x) for x in of)
        self._grad = 0.0

    @cached_property
    def data(self):
        if self._how is None:
            return self._number
        value, _ = FORMULAS[self._how]
        return value(*[x.data for x in self._of])

    @property
    def grad(self):
        return self._grad

    @grad.setter
    def grad(self, number):
        self._grad = number

    @property
    def slopes(self):
        if self._how is None:
            return []
        _, slopes = FORMULAS[self._how]
        return slopes(self.data, *[x.data for x in self._of])

    def backward(self):
        late_first = []
        done = set()

        def add(node):
            if id(node) not in done:
                done.add(id(node))
                for x in node._of:
                    add(x)
                late_first.append(node)

        add(self)
        self.grad = 1.0
        while late_first:
            node = late_first.pop()
            for x, slope in zip(node._of, node.slopes):
                x.grad += slope * node.grad

    def __getattr__(self, name):
        # x.tanh(), x.exp(), ...: every formula with a plain name is a method
        if name.startswith("_") or name not in FORMULAS:
            raise AttributeError(f"Value has no {name}")
        return lambda: Value(how=name, of=(self,))

    def __add__(self, other): return Value(how="a + b", of=(self, other))
    def __radd__(self, other): return Value(how="a + b", of=(other, self))
    def __sub__(self, other): return Value(how="a - b", of=(self, other))
    def __rsub__(self, other): return Value(how="a - b", of=(other, self))
    def __mul__(self, other): return Value(how="a * b", of=(self, other))
    def __rmul__(self, other): return Value(how="a * b", of=(other, self))
    def __truediv__(self, other): return Value(how="a / b", of=(self, other))
    def __rtruediv__(self, other): return Value(how="a / b", of=(other, self))
    def __pow__(self, other): return Value(how="a ** b", of=(self, other))
    def __rpow__(self, other): return Value(how="a ** b", of=(other, self))
    def __neg__(self): return Value(how="-a", of=(self,))
    def __abs__(self): return Value(how="|a|", of=(self,))


def _power_slopes(p, a, b):
    by_a = b * a ** (b - 1) if b else 0.0
    by_b = p * math.log(a) if a > 0 else 0.0
    return by_a, by_b


# name: (value from operands, slopes from the result and the operands)
FORMULAS = {
    "a + b": (lambda a, b: a + b, lambda r, a, b: (1, 1)),
    "a - b": (lambda a, b: a - b, lambda r, a, b: (1, -1)),
    "a * b": (lambda a, b: a * b, lambda r, a, b: (b, a)),
    "a / b": (lambda a, b: a / b, lambda r, a, b: (1 / b, -r / b)),
    "a ** b": (lambda a, b: a**b, _power_slopes),
    "-a": (lambda a: -a, lambda r, a: (-1,)),
    "|a|": (abs, lambda r, a: (1 if a > 0 else -1,)),
    "tanh": (math.tanh, lambda r, a: (1 - r * r,)),
    "exp": (math.exp, lambda r, a: (r,)),
    "log": (math.log, lambda r, a: (1 / a,)),
    "relu": (lambda a: max(a, 0.0), lambda r, a: (1 if r > 0 else 0,)),
    "sigmoid": (lambda a: 1 / (1 + math.exp(-a)), lambda r, a: (r * (1 - r),)),
    "sin": (math.sin, lambda r, a: (math.cos(a),)),
    "cos": (math.cos, lambda r, a: (-math.sin(a),)),
    "sqrt": (math.sqrt, lambda r, a: (0.5 / r,)),
}
