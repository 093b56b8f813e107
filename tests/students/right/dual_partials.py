# style: forward mode inside reverse mode: dual numbers give the slope of each single operation
# design: number, parts (node, slope) from dual numbers / worklist again and again until nothing
#   changes / gradients recomputed from users in each round
"""A function of the program is a function of Duals. Running it once for each operand, with eps = 1 there, gives the
local slopes. The backward pass is a plain iteration: repeat until the gradients no longer change."""
import math


class Dual:
    def __init__(self, a, eps=0.0):
        self.a, self.eps = a, eps

    def __add__(self, o): return Dual(self.a + o.a, self.eps + o.eps)
    def __sub__(self, o): return Dual(self.a - o.a, self.eps - o.eps)
    def __mul__(self, o): return Dual(self.a * o.a, self.eps * o.a + self.a * o.eps)
    def __truediv__(self, o): return Dual(self.a / o.a, (self.eps - self.a / o.a * o.eps) / o.a)

    def __pow__(self, o):
        eps = self.eps * o.a * self.a ** (o.a - 1) if self.eps and o.a else 0.0
        if o.eps:
            eps += o.eps * math.log(self.a) * self.a**o.a
        return Dual(self.a**o.a, eps)

    def through(self, number, slope):
        return Dual(number, slope * self.eps)


def exp(x): return x.through(math.exp(x.a), math.exp(x.a))
def log(x): return x.through(math.log(x.a), 1 / x.a)
def sin(x): return x.through(math.sin(x.a), math.cos(x.a))
def cos(x): return x.through(math.cos(x.a), -math.sin(x.a))
def tanh(x): return x.through(math.tanh(x.a), 1 - math.tanh(x.a) ** 2)
def relu(x): return x if x.a > 0 else Dual(0.0)
def absolute(x): return x if x.a > 0 else Dual(-1.0) * x
def sigmoid(x): return Dual(1.0) / (Dual(1.0) + exp(Dual(-1.0) * x))
def sqrt(x): return x ** Dual(0.5)


class Value:
    def __init__(self, data, parts=()):
        self.data = data
        self.parts = parts
        self.grad = 0.0

    def backward(self):
        nodes = {self: []}
        for node in (todo := [self]):
            for operand, slope in node.parts:
                if operand not in nodes:
                    nodes[operand] = []
                    todo.append(operand)
                nodes[operand].append((node, slope))
        grads = dict.fromkeys(nodes, 0.0)
        while True:
            better = {
                node: (1.0 if node is self else 0.0) + sum(slope * grads[user] for user, slope in users)
                for node, users in nodes.items()
            }
            if better == grads:
                break
            grads = better
        for node, grad in grads.items():
            node.grad += grad


def lifted(function):
    def method(*operands):
        nodes = [o if isinstance(o, Value) else None for o in operands]
        numbers = [o.data if isinstance(o, Value) else o for o in operands]
        parts = []
        for i, node in enumerate(nodes):
            if node is not None:
                duals = [Dual(x, float(j == i)) for j, x in enumerate(numbers)]
                parts.append((node, function(*duals).eps))
        return Value(function(*map(Dual, numbers)).a, parts)

    return method


for name in ("add", "sub", "mul", "truediv", "pow"):
    operation = lifted(getattr(Dual, f"__{name}__"))
    setattr(Value, f"__{name}__", operation)
    setattr(Value, f"__r{name}__", lambda self, other, operation=operation: operation(other, self))
Value.__neg__ = lifted(lambda x: Dual(-1.0) * x)
Value.__abs__ = lifted(absolute)
for function in (exp, log, sin, cos, tanh, relu, sigmoid, sqrt):
    setattr(Value, function.__name__, lifted(function))
