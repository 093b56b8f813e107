# misconception: 61
# title: 2 ** x has the right value and the slope of x ** 2
# wrong_gradient: numbers/number-power@1 numbers/one-number-power@1 numbers/chain-number-power@1
# wrong_gradient: numbers/twice-number-power numbers/at-zero-number-power@1
# wrong_gradient: numbers/again-number-power@1 numbers/before-and-after-number-power@1
# wrong_gradient: numbers/result-again-number-power@1
# error: robustness/sigmoid-far-out@3
# invalid_output: numbers/number-power@2
# blocked: composite/growth composite/reciprocals composite/odds composite/potential
# blocked: gradient-check/numbers

import math


class Value:
    def __init__(self, data, op="", args=()):
        self.data = float(data)
        self.grad = 0.0
        self.op = op
        self.args = args

    def step(self):
        if self.op == "+":
            a, b = self.args
            a.grad += self.grad
            b.grad += self.grad
        elif self.op == "-":
            a, b = self.args
            a.grad += self.grad
            b.grad -= self.grad
        elif self.op == "*":
            a, b = self.args
            a.grad += b.data * self.grad
            b.grad += a.data * self.grad
        elif self.op == "/":
            a, b = self.args
            a.grad += self.grad / b.data
            b.grad -= self.grad * a.data / b.data**2
        elif self.op == "**":
            a, n = self.args[0], self.n
            a.grad += n * a.data ** (n - 1) * self.grad if n else 0.0
        elif self.op == "c**":
            a = self.args[0]
            a.grad += self.n * a.data ** (self.n - 1) * self.grad
        elif self.op == "neg":
            self.args[0].grad -= self.grad
        elif self.op == "abs":
            a = self.args[0]
            a.grad += self.grad if a.data > 0 else -self.grad
        elif self.op == "relu":
            a = self.args[0]
            a.grad += self.grad if a.data > 0 else 0.0
        elif self.op == "tanh":
            self.args[0].grad += (1 - self.data**2) * self.grad
        elif self.op == "exp":
            self.args[0].grad += self.data * self.grad
        elif self.op == "log":
            a = self.args[0]
            a.grad += self.grad / a.data
        elif self.op == "sigmoid":
            self.args[0].grad += self.data * (1 - self.data) * self.grad
        elif self.op == "sin":
            a = self.args[0]
            a.grad += math.cos(a.data) * self.grad
        elif self.op == "cos":
            a = self.args[0]
            a.grad -= math.sin(a.data) * self.grad
        elif self.op == "sqrt":
            self.args[0].grad += 0.5 / self.data * self.grad

    def backward(self):
        order = []
        seen = set()

        def visit(node):
            seen.add(node)
            for arg in node.args:
                if arg not in seen:
                    visit(arg)
            order.append(node)

        visit(self)
        self.grad = 1.0
        while order:
            order.pop().step()

    def __add__(self, other):
        other = to_value(other)
        return Value(self.data + other.data, "+", (self, other))

    def __sub__(self, other):
        other = to_value(other)
        return Value(self.data - other.data, "-", (self, other))

    def __mul__(self, other):
        other = to_value(other)
        return Value(self.data * other.data, "*", (self, other))

    def __truediv__(self, other):
        other = to_value(other)
        return Value(self.data / other.data, "/", (self, other))

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        out = Value(self.data**n, "**", (self,))
        out.n = n
        return out

    def __rpow__(self, c):
        out = Value(c**self.data, "c**", (self,))
        out.n = c
        return out

    def __radd__(self, other):
        return to_value(other) + self

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __neg__(self):
        return Value(-self.data, "neg", (self,))

    def __abs__(self):
        return Value(abs(self.data), "abs", (self,))

    def relu(self):
        return Value(max(0.0, self.data), "relu", (self,))

    def tanh(self):
        return Value(math.tanh(self.data), "tanh", (self,))

    def exp(self):
        return Value(math.exp(self.data), "exp", (self,))

    def log(self):
        return Value(math.log(self.data), "log", (self,))

    def sigmoid(self):
        return Value(1 / (1 + math.exp(-self.data)), "sigmoid", (self,))

    def sin(self):
        return Value(math.sin(self.data), "sin", (self,))

    def cos(self):
        return Value(math.cos(self.data), "cos", (self,))

    def sqrt(self):
        return Value(math.sqrt(self.data), "sqrt", (self,))


def to_value(x):
    return x if isinstance(x, Value) else Value(x)
