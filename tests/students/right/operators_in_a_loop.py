# style: no method is written out: operators and functions are put into the class by loops over a table
# design: number alone, lists of args and derivatives / recursive, set of ids, reversed by a slice /
#   reset, then += by zip
# I was too lazy to type 20 methods so they get generated. lambdas get (values, result) and give slopes.
import math
import operator as op


class Value:
    def __init__(self, data=0.0):
        self.data = data
        self.grad = 0.0
        self.args = []
        self.dfs = []

    def backward(self):
        seen = []
        members = set()
        def walk(n):
            if id(n) in members: return
            members.add(id(n))
            for a in n.args: walk(a)
            seen.append(n)
        walk(self)
        for n in seen: n.grad = 0.0
        self.grad = 1.0
        for n in seen[::-1]:
            for a, df in zip(n.args, n.dfs):
                a.grad += n.grad * df


def call(f, dfs, *args):
    args = [a if isinstance(a, Value) else Value(a) for a in args]
    xs = [a.data for a in args]
    out = Value(f(*xs))
    out.args = args
    out.dfs = [df(out.data, *xs) for df in dfs]
    return out


def sigma(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


binary = {
    'add': (op.add, lambda y, a, b: 1, lambda y, a, b: 1),
    'sub': (op.sub, lambda y, a, b: 1, lambda y, a, b: -1),
    'mul': (op.mul, lambda y, a, b: b, lambda y, a, b: a),
    'truediv': (op.truediv, lambda y, a, b: 1 / b, lambda y, a, b: -a / b ** 2),
    'pow': (op.pow, lambda y, a, b: b * a ** (b - 1) if b else 0,
            lambda y, a, b: math.log(a) * y if a > 0 else 0),
}
unary = {
    '__neg__': (op.neg, lambda y, x: -1),
    '__abs__': (abs, lambda y, x: 1 if x > 0 else -1),
    'tanh': (math.tanh, lambda y, x: 1 - y * y),
    'exp': (math.exp, lambda y, x: y),
    'log': (math.log, lambda y, x: 1 / x),
    'relu': (lambda x: x if x > 0 else 0, lambda y, x: 1 if x > 0 else 0),
    'sigmoid': (sigma, lambda y, x: y * (1 - y)),
    'sin': (math.sin, lambda y, x: math.cos(x)),
    'cos': (math.cos, lambda y, x: -math.sin(x)),
    'sqrt': (math.sqrt, lambda y, x: .5 / y),
}

for name, (f, *dfs) in binary.items():
    setattr(Value, f'__{name}__', lambda a, b, f=f, dfs=dfs: call(f, dfs, a, b))
    setattr(Value, f'__r{name}__', lambda a, b, f=f, dfs=dfs: call(f, dfs, b, a))
for name, (f, *dfs) in unary.items():
    setattr(Value, name, lambda x, f=f, dfs=dfs: call(f, dfs, x))
