# style: one match statement has every derivative; an explicit stack of entering and leaving marks
# design: number, name of the operation, operands / stack of entering and leaving marks by match /
#   += in one match statement
"""No closures: a node keeps the name of its operation and its operands, and `push` looks up what to do."""

import math


class Value:
    def __init__(self, data, op="leaf", *args):
        self.data = data
        self.grad = 0.0
        self.op = op
        self.args = args

    def push(self):
        g = self.grad
        match self.op, self.args:
            case "leaf", _:
                pass
            case "+", (Value() as a, Value() as b):
                a.grad += g
                b.grad += g
            case "-", (Value() as a, Value() as b):
                a.grad += g
                b.grad -= g
            case "*", (Value(data=x) as a, Value(data=y) as b):
                a.grad += y * g
                b.grad += x * g
            case "/", (Value(data=x) as a, Value(data=y) as b):
                a.grad += g / y
                b.grad -= x / y**2 * g
            case "**", (Value(data=x) as a, Value(data=n) as b):
                a.grad += n * x ** (n - 1) * g
                b.grad += self.data * math.log(x) * g
            case "power", (Value(data=x) as a, n):
                a.grad += n * x ** (n - 1) * g if n else 0
            case "neg", (a,):
                a.grad -= g
            case "tanh", (a,):
                a.grad += (1 - self.data**2) * g
            case "exp", (a,):
                a.grad += self.data * g
            case "log", (Value(data=x) as a,):
                a.grad += g / x
            case "relu", (Value(data=x) as a,) if x > 0:
                a.grad += g
            case "relu", _:
                pass
            case "sigmoid", (a,):
                a.grad += self.data * (1 - self.data) * g
            case "sin", (Value(data=x) as a,):
                a.grad += math.cos(x) * g
            case "cos", (Value(data=x) as a,):
                a.grad -= math.sin(x) * g
            case "sqrt", (a,):
                a.grad += g / (2 * self.data)
            case "abs", (Value(data=x) as a,):
                a.grad += math.copysign(g, g * x)

    def backward(self):
        order, seen = [], set()
        stack = [(self, "enter")]
        while stack:
            node, what = stack.pop()
            match what:
                case "leave":
                    order.append(node)
                case "enter" if node not in seen:
                    seen.add(node)
                    stack.append((node, "leave"))
                    stack += [(arg, "enter") for arg in node.args if isinstance(arg, Value)]
        self.grad = 1.0
        while order:
            order.pop().push()

    def __add__(self, other):
        other = wrap(other)
        return Value(self.data + other.data, "+", self, other)

    def __sub__(self, other):
        other = wrap(other)
        return Value(self.data - other.data, "-", self, other)

    def __mul__(self, other):
        other = wrap(other)
        return Value(self.data * other.data, "*", self, other)

    def __truediv__(self, other):
        other = wrap(other)
        return Value(self.data / other.data, "/", self, other)

    def __pow__(self, other):
        if isinstance(other, Value):
            return Value(self.data**other.data, "**", self, other)
        return Value(self.data**other, "power", self, other)

    def __radd__(self, other):
        return wrap(other) + self

    def __rsub__(self, other):
        return wrap(other) - self

    def __rmul__(self, other):
        return wrap(other) * self

    def __rtruediv__(self, other):
        return wrap(other) / self

    def __rpow__(self, other):
        return wrap(other) ** self

    def __neg__(self):
        return Value(-self.data, "neg", self)

    def __abs__(self):
        return Value(abs(self.data), "abs", self)

    def tanh(self):
        return Value(math.tanh(self.data), "tanh", self)

    def exp(self):
        return Value(math.exp(self.data), "exp", self)

    def log(self):
        return Value(math.log(self.data), "log", self)

    def relu(self):
        return Value(max(self.data, 0), "relu", self)

    def sigmoid(self):
        return Value(1 / (1 + math.exp(-self.data)), "sigmoid", self)

    def sin(self):
        return Value(math.sin(self.data), "sin", self)

    def cos(self):
        return Value(math.cos(self.data), "cos", self)

    def sqrt(self):
        return Value(math.sqrt(self.data), "sqrt", self)


def wrap(x):
    return x if isinstance(x, Value) else Value(x)
