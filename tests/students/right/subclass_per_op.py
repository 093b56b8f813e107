# style: a class for each operation, derived from an abstract Expr; leaves are Var and Const
# design: subclass for each operation, operands / recursive method, operands from the right,
#   reversed / reset, then send of the subclass
"""
Composite pattern for the computation graph.

Expr is abstract. Var(3.0) is an input and Const(2) a number in a formula. Every operation is a subclass with
its own little send() that knows the rule of differentiation.
"""
import math
from abc import ABC, abstractmethod


class Expr(ABC):
    def __init__(self, value, *operands):
        self.value = value
        self.adjoint = 0.0
        self.operands = operands

    @abstractmethod
    def send(self):
        """Passes self.adjoint on to the operands."""

    def backward(self):
        line = []
        self._line_up(line, set())
        for expr in line:
            expr.adjoint = 0.0
        self.adjoint = 1.0
        for expr in reversed(line):
            expr.send()

    def _line_up(self, line, seen):
        if self in seen:
            return
        seen.add(self)
        for operand in reversed(self.operands):
            operand._line_up(line, seen)
        line.append(self)

    def __add__(self, other): return Add(self, expr(other))
    def __radd__(self, other): return Add(expr(other), self)
    def __sub__(self, other): return Sub(self, expr(other))
    def __rsub__(self, other): return Sub(expr(other), self)
    def __mul__(self, other): return Mul(self, expr(other))
    def __rmul__(self, other): return Mul(expr(other), self)
    def __truediv__(self, other): return Div(self, expr(other))
    def __rtruediv__(self, other): return Div(expr(other), self)
    def __pow__(self, other): return Exp(other * Log(self)) if isinstance(other, Expr) else Pow(self, other)
    def __rpow__(self, other): return Exp(self * math.log(other))
    def __neg__(self): return Neg(self)
    def __abs__(self): return Abs(self)

    def tanh(self): return Tanh(self)
    def exp(self): return Exp(self)
    def log(self): return Log(self)
    def relu(self): return Relu(self)
    def sigmoid(self): return Sigmoid(self)
    def sin(self): return Sin(self)
    def cos(self): return Cos(self)
    def sqrt(self): return Pow(self, 0.5)


def expr(x):
    return x if isinstance(x, Expr) else Const(x)


class Var(Expr):
    def send(self):
        pass


class Const(Expr):
    def send(self):
        pass


class Add(Expr):
    def __init__(self, a, b):
        super().__init__(a.value + b.value, a, b)

    def send(self):
        a, b = self.operands
        a.adjoint += self.adjoint
        b.adjoint += self.adjoint


class Sub(Expr):
    def __init__(self, a, b):
        super().__init__(a.value - b.value, a, b)

    def send(self):
        a, b = self.operands
        a.adjoint += self.adjoint
        b.adjoint -= self.adjoint


class Mul(Expr):
    def __init__(self, a, b):
        super().__init__(a.value * b.value, a, b)

    def send(self):
        a, b = self.operands
        a.adjoint += self.adjoint * b.value
        b.adjoint += self.adjoint * a.value


class Div(Expr):
    def __init__(self, a, b):
        super().__init__(a.value / b.value, a, b)

    def send(self):
        a, b = self.operands
        a.adjoint += self.adjoint / b.value
        b.adjoint -= self.adjoint * self.value / b.value


class Pow(Expr):
    def __init__(self, base, exponent):
        super().__init__(base.value ** exponent, base)
        self.exponent = exponent

    def send(self):
        (base,) = self.operands
        if self.exponent != 0:
            base.adjoint += self.adjoint * self.exponent * base.value ** (self.exponent - 1)


class Unary(Expr):
    """f(x) with a derivative that subclasses tell; they compute with plain floats."""

    def __init__(self, x):
        super().__init__(self.f(x.value), x)

    @staticmethod
    @abstractmethod
    def f(x): ...

    @abstractmethod
    def slope(self, x): ...

    def send(self):
        (x,) = self.operands
        x.adjoint += self.slope(x.value) * self.adjoint


class Neg(Unary):
    f = staticmethod(lambda x: -x)
    slope = lambda self, x: -1


class Abs(Unary):
    f = staticmethod(abs)
    slope = lambda self, x: 1 if x >= 0 else -1


class Exp(Unary):
    f = staticmethod(math.exp)
    slope = lambda self, x: self.value


class Log(Unary):
    f = staticmethod(math.log)
    slope = lambda self, x: 1 / x


class Tanh(Unary):
    f = staticmethod(math.tanh)
    slope = lambda self, x: 1 - self.value ** 2


class Relu(Unary):
    f = staticmethod(lambda x: x if x > 0 else 0.0)
    slope = lambda self, x: 1 if x > 0 else 0


class Sigmoid(Unary):
    f = staticmethod(lambda x: 1 / (1 + math.exp(-x)))
    slope = lambda self, x: self.value * (1 - self.value)


class Sin(Unary):
    f = staticmethod(math.sin)
    slope = lambda self, x: math.cos(x)


class Cos(Unary):
    f = staticmethod(math.cos)
    slope = lambda self, x: -math.sin(x)
