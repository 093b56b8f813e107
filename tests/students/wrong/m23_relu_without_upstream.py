# misconception: 23
# title: relu leaves out what comes from above
# wrong_gradient: functions/chain-again-relu@1 functions/before-and-after-relu@*
# blocked: composite/relu-layers composite/hinge composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/products-of-sigmoid-and-relu
# blocked: composite/sums-of-exp-and-relu@1 composite/products-of-relu-and-exp gradient-check/relu

"""One class, one long if: every node remembers which operation made it."""
import math


class Value:
    def __init__(self, data, prev=(), op=""):
        self.data = data
        self.grad = 0.0
        self.prev = list(prev)
        self.op = op

    def _bin(self, other, op):
        if not isinstance(other, Value):
            other = Value(other)
        a, b = self.data, other.data
        if op == "+":
            result = a + b
        elif op == "-":
            result = a - b
        elif op == "*":
            result = a * b
        elif op == "/":
            result = a / b
        else:
            result = a**b
        return Value(result, (self, other), op)

    def _fun(self, result, op):
        return Value(result, (self,), op)

    def __add__(self, other):
        return self._bin(other, "+")

    def __sub__(self, other):
        return self._bin(other, "-")

    def __mul__(self, other):
        return self._bin(other, "*")

    def __truediv__(self, other):
        return self._bin(other, "/")

    def __pow__(self, other):
        return self._bin(other, "**")

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other) ** self

    def __neg__(self):
        return self._fun(-self.data, "neg")

    def __abs__(self):
        return self._fun(abs(self.data), "abs")

    def tanh(self):
        return self._fun(math.tanh(self.data), "tanh")

    def exp(self):
        return self._fun(math.exp(self.data), "exp")

    def log(self):
        return self._fun(math.log(self.data), "log")

    def relu(self):
        return self._fun(max(0.0, self.data), "relu")

    def sigmoid(self):
        return self._fun((1 + math.tanh(self.data / 2)) / 2, "sigmoid")

    def sin(self):
        return self._fun(math.sin(self.data), "sin")

    def cos(self):
        return self._fun(math.cos(self.data), "cos")

    def sqrt(self):
        return self._fun(math.sqrt(self.data), "sqrt")

    def _propagate(self):
        g, out = self.grad, self.data
        if not self.prev:
            return
        x = self.prev[0]
        y = self.prev[-1]
        if self.op == "+":
            x.grad += g
            y.grad += g
        elif self.op == "-":
            x.grad += g
            y.grad -= g
        elif self.op == "*":
            x.grad += g * y.data
            y.grad += g * x.data
        elif self.op == "/":
            x.grad += g / y.data
            y.grad -= g * x.data / (y.data * y.data)
        elif self.op == "**":
            if y.data != 0:
                x.grad += g * y.data * x.data ** (y.data - 1)
            if x.data > 0:
                y.grad += g * out * math.log(x.data)
        elif self.op == "neg":
            x.grad -= g
        elif self.op == "abs":
            x.grad += g if x.data > 0 else -g
        elif self.op == "tanh":
            x.grad += g * (1 - out * out)
        elif self.op == "exp":
            x.grad += g * out
        elif self.op == "log":
            x.grad += g / x.data
        elif self.op == "relu":
            x.grad += 1.0 if x.data > 0 else 0.0
        elif self.op == "sigmoid":
            x.grad += g * out * (1 - out)
        elif self.op == "sin":
            x.grad += g * math.cos(x.data)
        elif self.op == "cos":
            x.grad -= g * math.sin(x.data)
        elif self.op == "sqrt":
            x.grad += g / (2 * out)

    def _walk(self, seen, order):
        if id(self) in seen:
            return
        seen.add(id(self))
        for child in self.prev:
            child._walk(seen, order)
        order.append(self)

    def backward(self):
        order = []
        self._walk(set(), order)
        self.grad = 1.0
        while order:
            order.pop()._propagate()
