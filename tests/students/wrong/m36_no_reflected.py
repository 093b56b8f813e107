# misconception: 36
# title: No reflected operation at all
# unsupported: values/number-add@1 values/number-subtract@1 values/number-multiply@1
# unsupported: values/number-divide@1 values/number-power@1 numbers/number-add@*
# unsupported: numbers/number-subtract@* numbers/number-multiply@* numbers/number-divide@*
# unsupported: numbers/number-power@* numbers/zero-number-add@1 numbers/zero-number-subtract@1
# unsupported: numbers/zero-number-multiply@1 numbers/zero-number-divide@1 numbers/one-number-add@1
# unsupported: numbers/one-number-subtract@1 numbers/one-number-multiply@1
# unsupported: numbers/one-number-divide@1 numbers/one-number-power@1 numbers/chain-number-add@1
# unsupported: numbers/chain-number-subtract@1 numbers/chain-number-multiply@1
# unsupported: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/twice-number-add
# unsupported: numbers/twice-number-subtract numbers/twice-number-multiply
# unsupported: numbers/twice-number-divide numbers/twice-number-power
# unsupported: numbers/minus-one-number-multiply@1 numbers/minus-one-number-divide@1
# unsupported: numbers/at-zero-number-multiply@1 numbers/at-zero-number-power@1
# unsupported: numbers/sum-from-zero numbers/again-number-add@1 numbers/again-number-subtract@1
# unsupported: numbers/again-number-multiply@1 numbers/again-number-divide@1
# unsupported: numbers/again-number-power@1 numbers/before-and-after-number-add@1
# unsupported: numbers/before-and-after-number-subtract@1 numbers/before-and-after-number-multiply@1
# unsupported: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# unsupported: numbers/result-again-number-add@1 numbers/result-again-number-subtract@1
# unsupported: numbers/result-again-number-multiply@1 numbers/result-again-number-divide@1
# unsupported: numbers/result-again-number-power@1 numbers/divided-by-a-whole-number
# blocked: composite/gated-unit composite/hinge composite/decay composite/entropy composite/growth
# blocked: composite/interference composite/reciprocals composite/odds composite/potential
# blocked: composite/harmonic gradient-check/numbers

import math


class Function:
    """An operation: forward makes the number, backward the share of each input."""

    @classmethod
    def apply(cls, *inputs):
        values = [x if isinstance(x, Value) else Value(x) for x in inputs]
        f = cls()
        out = Value(f.forward(*[v.data for v in values]))
        out.function, out.inputs = f, values
        return out


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, g):
        return g, g


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, g):
        return g, -g


class Mul(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, g):
        return g * self.b, g * self.a


class Div(Function):
    def forward(self, a, b):
        self.a, self.b = a, b
        return a / b

    def backward(self, g):
        return g / self.b, -g * self.a / self.b**2


class Pow(Function):
    def forward(self, a, n):
        self.a, self.n, self.out = a, n, a**n
        return self.out

    def backward(self, g):
        by_base = self.n * self.a ** (self.n - 1) if self.n else 0.0
        by_exponent = self.out * math.log(self.a) if self.a > 0 else 0.0
        return g * by_base, g * by_exponent


class Neg(Function):
    def forward(self, x):
        return -x

    def backward(self, g):
        return (-g,)


class Abs(Function):
    def forward(self, x):
        self.sign = 1.0 if x > 0 else -1.0
        return abs(x)

    def backward(self, g):
        return (g * self.sign,)


class Tanh(Function):
    def forward(self, x):
        self.t = math.tanh(x)
        return self.t

    def backward(self, g):
        return (g * (1 - self.t**2),)


class Exp(Function):
    def forward(self, x):
        self.e = math.exp(x)
        return self.e

    def backward(self, g):
        return (g * self.e,)


class Log(Function):
    def forward(self, x):
        self.x = x
        return math.log(x)

    def backward(self, g):
        return (g / self.x,)


class ReLU(Function):
    def forward(self, x):
        self.mask = x > 0
        return x if self.mask else 0.0

    def backward(self, g):
        return (g * self.mask,)


class Sigmoid(Function):
    def forward(self, x):
        self.s = (1 + math.tanh(x / 2)) / 2
        return self.s

    def backward(self, g):
        return (g * self.s * (1 - self.s),)


class Sin(Function):
    def forward(self, x):
        self.x = x
        return math.sin(x)

    def backward(self, g):
        return (g * math.cos(self.x),)


class Cos(Function):
    def forward(self, x):
        self.x = x
        return math.cos(x)

    def backward(self, g):
        return (-g * math.sin(self.x),)


class Sqrt(Function):
    def forward(self, x):
        self.root = math.sqrt(x)
        return self.root

    def backward(self, g):
        return (g / (2 * self.root),)


class Value:
    def __init__(self, data):
        self.data = data
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

    def backward(self):
        order = sort(self, set())
        self.grad = 1.0
        for node in reversed(order):
            if node.function:
                for x, share in zip(node.inputs, node.function.backward(node.grad)):
                    x.grad += share


def sort(node, seen):
    if node in seen:
        return []
    seen.add(node)
    order = [n for x in node.inputs for n in sort(x, seen)]
    return order + [node]
