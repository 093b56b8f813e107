# misconception: 26
# title: Quotient rule without its minus sign
# wrong_gradient: operators/quotient@* operators/quotient-by-1@2 operators/quotient-by-1@3
# wrong_gradient: operators/chain-quotient@1 operators/quotient-twice
# wrong_gradient: operators/again-both-quotient@1 operators/before-and-after-both-quotient@1
# wrong_gradient: operators/pairs-quotient@1 operators/equal-operands-quotient@1
# wrong_gradient: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-quotient@1
# wrong_gradient: operators/results-again-quotient@1
# blocked: numbers/number-divide@* numbers/one-number-divide@1 numbers/chain-number-divide@1
# blocked: numbers/twice-number-divide numbers/minus-one-number-divide@1
# blocked: numbers/again-number-divide@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-number-divide@1 numbers/whole-quotient
# blocked: numbers/divided-by-a-whole-number in-place/alone-divide-in-place@1
# blocked: in-place/zero-and-one-divide-in-place@2 in-place/chain-divide-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1 in-place/chain-in-place
# blocked: in-place/itself-divide-in-place@1 in-place/again-both-divide-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 composite/rational composite/softmax
# blocked: composite/hinge composite/ripple composite/decay composite/log-ratio
# blocked: composite/smooth-distance composite/growth composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic random/graph-5 random/graph-6 random/graph-8
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/quotient
# blocked: gradient-check/numbers

import math


class Function:
    """An operation: forward makes the number, backprop the share of each input."""

    @classmethod
    def apply(cls, *inputs):
        values = [x if isinstance(x, Scalar) else Scalar(x) for x in inputs]
        f = cls()
        out = Scalar(f.forward(*[v.value for v in values]))
        out.function, out.inputs = f, values
        return out


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backprop(self, g):
        return g, g


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backprop(self, g):
        return g, -g


class Mul(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backprop(self, g):
        return g * self.b, g * self.a


class Div(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a / b

    def backprop(self, g):
        return g / self.b, g * self.a / self.b**2


class Pow(Function):
    def forward(self, a, n):
        self.a, self.n, self.out = a, n, a**n
        return self.out

    def backprop(self, g):
        by_base = self.n * self.a ** (self.n - 1) if self.n else 0.0
        by_exponent = self.out * math.log(self.a) if self.a > 0 else 0.0
        return g * by_base, g * by_exponent


class Neg(Function):
    def forward(self, x):
        return -x

    def backprop(self, g):
        return (-g,)


class Abs(Function):
    def forward(self, x):
        self.sign = 1.0 if x > 0 else -1.0
        return abs(x)

    def backprop(self, g):
        return (g * self.sign,)


class Tanh(Function):
    def forward(self, x):
        self.t = math.tanh(x)
        return self.t

    def backprop(self, g):
        return (g * (1 - self.t**2),)


class Exp(Function):
    def forward(self, x):
        self.e = math.exp(x)
        return self.e

    def backprop(self, g):
        return (g * self.e,)


class Log(Function):
    def forward(self, x):
        self.x = x
        return math.log(x)

    def backprop(self, g):
        return (g / self.x,)


class ReLU(Function):
    def forward(self, x):
        self.mask = x > 0
        return x if self.mask else 0.0

    def backprop(self, g):
        return (g * self.mask,)


class Sigmoid(Function):
    def forward(self, x):
        self.s = (1 + math.tanh(x / 2)) / 2
        return self.s

    def backprop(self, g):
        return (g * self.s * (1 - self.s),)


class Sin(Function):
    def forward(self, x):
        self.x = x
        return math.sin(x)

    def backprop(self, g):
        return (g * math.cos(self.x),)


class Cos(Function):
    def forward(self, x):
        self.x = x
        return math.cos(x)

    def backprop(self, g):
        return (-g * math.sin(self.x),)


class Sqrt(Function):
    def forward(self, x):
        self.root = math.sqrt(x)
        return self.root

    def backprop(self, g):
        return (g / (2 * self.root),)


class Scalar:
    def __init__(self, value):
        self.value = value
        self.grad = 0.0
        self.function = None
        self.inputs = []

    def __add__(self, other):
        return Add.apply(self, other)

    def __sub__(self, other):
        return Sub.apply(self, other)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __truediv__(self, other):
        return Div.apply(self, other)

    def __pow__(self, other):
        return Pow.apply(self, other)

    def __radd__(self, other):
        return Add.apply(other, self)

    def __rsub__(self, other):
        return Sub.apply(other, self)

    def __rmul__(self, other):
        return Mul.apply(other, self)

    def __rtruediv__(self, other):
        return Div.apply(other, self)

    def __rpow__(self, other):
        return Pow.apply(other, self)

    def __neg__(self):
        return Neg.apply(self)

    def __abs__(self):
        return Abs.apply(self)

    def tanh(self):
        return Tanh.apply(self)

    def exp(self):
        return Exp.apply(self)

    def log(self):
        return Log.apply(self)

    def relu(self):
        return ReLU.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def sin(self):
        return Sin.apply(self)

    def cos(self):
        return Cos.apply(self)

    def sqrt(self):
        return Sqrt.apply(self)

    def backprop(self):
        order = sort(self, set())
        self.grad = 1.0
        for node in reversed(order):
            if node.function:
                for x, share in zip(node.inputs, node.function.backprop(node.grad)):
                    x.grad += share


def sort(node, seen):
    if node in seen:
        return []
    seen.add(node)
    order = [n for x in node.inputs for n in sort(x, seen)]
    return order + [node]
