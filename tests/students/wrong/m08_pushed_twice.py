# misconception: 8
# title: The iterative search looks at what it has seen only when it pushes
# wrong_gradient: order/*
# blocked: power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/add-after-use
# blocked: in-place/multiply-after-use functions/chain-again-exp@1 functions/chain-again-log@1
# blocked: functions/chain-again-tanh@1 functions/chain-again-sigmoid@1 functions/chain-again-relu@1
# blocked: functions/chain-again-abs@1 functions/chain-again-sqrt@1 functions/chain-again-sin@1
# blocked: functions/chain-again-cos@1 functions/again-exp@* functions/again-log@*
# blocked: functions/again-tanh@* functions/again-sigmoid@* functions/again-abs@*
# blocked: functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/relu-layers composite/repeated-squaring
# blocked: composite/softmax composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/sums-of-sqrt-and-log composite/products-of-sigmoid-and-log
# blocked: composite/sums-of-sin-and-cos composite/products-of-sin-and-cos
# blocked: composite/sums-of-sigmoid-and-relu@* composite/products-of-sigmoid-and-relu
# blocked: composite/soft-step composite/reciprocals composite/odds composite/potential
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-11 random/graph-12 robustness/stacked-diamonds@*

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
            x.grad += g if x.data > 0 else 0.0
        elif self.op == "sigmoid":
            x.grad += g * out * (1 - out)
        elif self.op == "sin":
            x.grad += g * math.cos(x.data)
        elif self.op == "cos":
            x.grad -= g * math.sin(x.data)
        elif self.op == "sqrt":
            x.grad += g / (2 * out)

    def backward(self):
        order, seen, stack = [], set(), [self]
        while stack:
            node = stack.pop()
            seen.add(node)
            order.append(node)
            for child in node.prev:
                if child not in seen:
                    stack.append(child)
        self.grad = 1.0
        for node in order:
            node._propagate()
