# style: one Function class per operation with a ctx, as in torch; a Tensor holds one number
# design: number, requires_grad, grad_fn set by apply / recursive, set of ids, popped from the end /
#   dictionary by id, added to grad when a node is popped
"""Mini-torch. Each op is a Function with forward(ctx, ...) and backward(ctx, grad_output), a Tensor
only remembers which Function call made it (its `grad_fn`)."""

import math


class Context:
    def __init__(self):
        self.saved = ()

    def save_for_backward(self, *numbers):
        self.saved = numbers


class Function:
    """apply() runs forward and hangs the call onto the result"""

    @classmethod
    def apply(cls, *inputs):
        inputs = [x if isinstance(x, Tensor) else Tensor(x, requires_grad=False) for x in inputs]
        ctx = Context()
        result = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        result.grad_fn = (cls, ctx, inputs)
        return result


class Add(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        return g, g


class Mul(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved
        return g * b, g * a


class Pow(Function):
    @staticmethod
    def forward(ctx, a, n):
        ctx.save_for_backward(a, n)
        return a ** n

    @staticmethod
    def backward(ctx, g):
        a, n = ctx.saved
        by_base = 0.0 if n == 0 else n * a ** (n - 1)
        by_exponent = a ** n * math.log(a) if a > 0 else 0.0
        return g * by_base, g * by_exponent


class Exp(Function):
    @staticmethod
    def forward(ctx, a):
        y = math.exp(a)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        return (g * ctx.saved[0],)


class Log(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return math.log(a)

    @staticmethod
    def backward(ctx, g):
        return (g / ctx.saved[0],)


class Tanh(Exp):
    @staticmethod
    def forward(ctx, a):
        y = math.tanh(a)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved
        return (g * (1.0 - y * y),)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, a):
        y = 1.0 / (1.0 + math.exp(-a))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved
        return (g * y * (1.0 - y),)


class ReLU(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a if a > 0 else 0.0

    @staticmethod
    def backward(ctx, g):
        return (g if ctx.saved[0] > 0 else 0.0,)


class Sin(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return math.sin(a)

    @staticmethod
    def backward(ctx, g):
        return (g * math.cos(ctx.saved[0]),)


class Cos(Sin):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return math.cos(a)

    @staticmethod
    def backward(ctx, g):
        return (-g * math.sin(ctx.saved[0]),)


class Abs(Sin):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return abs(a)

    @staticmethod
    def backward(ctx, g):
        return (g * ((ctx.saved[0] > 0) - (ctx.saved[0] < 0)),)


class Tensor:
    def __init__(self, data, requires_grad=True):
        self.data = float(data)
        self.requires_grad = requires_grad
        self.grad = None
        self.grad_fn = None

    def __repr__(self):
        return f"tensor({self.data:.4f})"

    __add__ = __radd__ = lambda self, other: Add.apply(self, other)
    __mul__ = __rmul__ = lambda self, other: Mul.apply(self, other)
    __neg__ = lambda self: Mul.apply(self, -1.0)
    __sub__ = lambda self, other: Add.apply(self, Mul.apply(other, -1.0))
    __rsub__ = lambda self, other: Add.apply(other, -self)
    __pow__ = lambda self, other: Pow.apply(self, other)
    __rpow__ = lambda self, other: Pow.apply(other, self)
    __truediv__ = lambda self, other: Mul.apply(self, Pow.apply(other, -1.0))
    __rtruediv__ = lambda self, other: Mul.apply(other, Pow.apply(self, -1.0))
    __abs__ = abs = lambda self: Abs.apply(self)

    def exp(self): return Exp.apply(self)
    def log(self): return Log.apply(self)
    def tanh(self): return Tanh.apply(self)
    def sigmoid(self): return Sigmoid.apply(self)
    def relu(self): return ReLU.apply(self)
    def sin(self): return Sin.apply(self)
    def cos(self): return Cos.apply(self)
    def sqrt(self): return Pow.apply(self, 0.5)

    def backward(self, gradient=1.0):
        order, seen = [], set()

        def visit(t):
            if id(t) in seen:
                return
            seen.add(id(t))
            if t.grad_fn:
                for parent in t.grad_fn[2]:
                    visit(parent)
            order.append(t)

        visit(self)
        flowing = {id(self): gradient}
        while order:
            t = order.pop()
            g = flowing.pop(id(t))
            if t.requires_grad:
                t.grad = g if t.grad is None else t.grad + g
            if t.grad_fn:
                function, ctx, inputs = t.grad_fn
                for parent, more in zip(inputs, function.backward(ctx, g)):
                    flowing[id(parent)] = flowing.get(id(parent), 0.0) + more
