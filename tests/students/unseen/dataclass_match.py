# style: a dataclass with the name of its operation, and one match statement
import math
from dataclasses import dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    op: str = "leaf"
    args: tuple = ()
    extra: float = 0.0
    grad: float = field(default=0.0)

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, "add", (self, other))
        return Value(self.data + other, "shift", (self,))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, "mul", (self, other))
        return Value(self.data * other, "scale", (self,), other)

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        return Value(self.data**n, "pow", (self,), n)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        if isinstance(other, Value):
            return self * other**-1
        return self * (1 / other)

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        return Value(math.tanh(self.data), "tanh", (self,))

    def exp(self):
        return Value(math.exp(self.data), "exp", (self,))

    def log(self):
        return Value(math.log(self.data), "log", (self,))

    def relu(self):
        return Value(self.data if self.data > 0 else 0.0, "relu", (self,))

    def step(self):
        g = self.grad
        match self.op, self.args:
            case "add", (a, b):
                a.grad += g
                b.grad += g
            case "shift", (a,):
                a.grad += g
            case "mul", (a, b):
                a.grad += g * b.data
                b.grad += g * a.data
            case "scale", (a,):
                a.grad += g * self.extra
            case "pow", (a,):
                a.grad += g * self.extra * a.data ** (self.extra - 1)
            case "tanh", (a,):
                a.grad += g * (1 - self.data**2)
            case "exp", (a,):
                a.grad += g * self.data
            case "log", (a,):
                a.grad += g / a.data
            case "relu", (a,):
                if self.data > 0:
                    a.grad += g

    def backward(self):
        order = []
        seen = {id(self)}
        stack = [(self, iter(self.args))]
        while stack:
            node, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                order.append(node)
                stack.pop()
            elif id(child) not in seen:
                seen.add(id(child))
                stack.append((child, iter(child.args)))
        self.grad = 1.0
        while order:
            order.pop().step()
