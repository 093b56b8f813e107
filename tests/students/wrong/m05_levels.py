# misconception: 5
# title: Level by level from the output: a node's turn comes with its shortest path
# wrong_gradient: order/*
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

"""One class, one long if: every node remembers which operation made it."""
import math


class Variable:
    def __init__(self, valeur, prev=(), op=""):
        self.valeur = valeur
        self.gradient = 0.0
        self.prev = list(prev)
        self.op = op

    def _bin(self, other, op):
        if not isinstance(other, Variable):
            other = Variable(other)
        a, b = self.valeur, other.valeur
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
        return Variable(result, (self, other), op)

    def _fun(self, result, op):
        return Variable(result, (self,), op)

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
        return Variable(other) + self

    def __rsub__(self, other):
        return Variable(other) - self

    def __rmul__(self, other):
        return Variable(other) * self

    def __rtruediv__(self, other):
        return Variable(other) / self

    def __rpow__(self, other):
        return Variable(other) ** self

    def __neg__(self):
        return self._fun(-self.valeur, "neg")

    def __abs__(self):
        return self._fun(abs(self.valeur), "abs")

    def tanh(self):
        return self._fun(math.tanh(self.valeur), "tanh")

    def exp(self):
        return self._fun(math.exp(self.valeur), "exp")

    def log(self):
        return self._fun(math.log(self.valeur), "log")

    def relu(self):
        return self._fun(max(0.0, self.valeur), "relu")

    def sigmoid(self):
        return self._fun((1 + math.tanh(self.valeur / 2)) / 2, "sigmoid")

    def sin(self):
        return self._fun(math.sin(self.valeur), "sin")

    def cos(self):
        return self._fun(math.cos(self.valeur), "cos")

    def sqrt(self):
        return self._fun(math.sqrt(self.valeur), "sqrt")

    def _propagate(self):
        g, out = self.gradient, self.valeur
        if not self.prev:
            return
        x = self.prev[0]
        y = self.prev[-1]
        if self.op == "+":
            x.gradient += g
            y.gradient += g
        elif self.op == "-":
            x.gradient += g
            y.gradient -= g
        elif self.op == "*":
            x.gradient += g * y.valeur
            y.gradient += g * x.valeur
        elif self.op == "/":
            x.gradient += g / y.valeur
            y.gradient -= g * x.valeur / (y.valeur * y.valeur)
        elif self.op == "**":
            if y.valeur != 0:
                x.gradient += g * y.valeur * x.valeur ** (y.valeur - 1)
            if x.valeur > 0:
                y.gradient += g * out * math.log(x.valeur)
        elif self.op == "neg":
            x.gradient -= g
        elif self.op == "abs":
            x.gradient += g if x.valeur > 0 else -g
        elif self.op == "tanh":
            x.gradient += g * (1 - out * out)
        elif self.op == "exp":
            x.gradient += g * out
        elif self.op == "log":
            x.gradient += g / x.valeur
        elif self.op == "relu":
            x.gradient += g if x.valeur > 0 else 0.0
        elif self.op == "sigmoid":
            x.gradient += g * out * (1 - out)
        elif self.op == "sin":
            x.gradient += g * math.cos(x.valeur)
        elif self.op == "cos":
            x.gradient -= g * math.sin(x.valeur)
        elif self.op == "sqrt":
            x.gradient += g / (2 * out)

    def retropropager(self):
        self.gradient = 1.0
        level, seen = [self], {id(self)}
        while level:
            below = []
            for node in level:
                node._propagate()
                for child in node.prev:
                    if id(child) not in seen:
                        seen.add(id(child))
                        below.append(child)
            level = below
