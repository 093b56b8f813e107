# misconception: 5
# title: A queue in which a node waits once, and is served in the order of arrival
# wrong_gradient: order/*
# error: robustness/sigmoid-far-out@3
# blocked: power/again-power@1 power/result-again-power@1 operators/again-opposite@1
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
# blocked: in-place/result-again-with-power-number-in-place@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-abs@* functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/relu-layers composite/softmax
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@1
# blocked: composite/products-of-sigmoid-and-relu composite/reciprocals composite/odds
# blocked: composite/potential composite/sums-of-exp-and-relu@1 composite/products-of-relu-and-exp
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-11
# blocked: random/graph-12

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
            self.args[0].grad += math.log(self.n) * self.data * self.grad
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
        self.grad = 1.0
        queue = [self]
        served = 0
        while served < len(queue):
            node = queue[served]
            served += 1
            node.step()
            queue.extend(arg for arg in dict.fromkeys(node.args) if arg not in queue)

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
