# style: the caller sets out.grad = 1 before out.backward(), as the lecture does by hand
# design: number, tuple of operands, name of the operation / recursive, set of nodes, inserts at the
#   front / += in a chain of ifs, the caller seeds
"""Usage, like on the blackboard:

    L.grad = 1
    L.backward()
"""
import math


class Value:
    def __init__(self, data, prev=(), op=''):
        self.data = data
        self.grad = 0
        self.prev = prev
        self.op = op

    def __repr__(self):
        return 'Value({}, grad={}{})'.format(self.data, self.grad, ', ' + self.op if self.op else '')

    def backward(self):
        for node in self.ordered():
            node.step()

    def ordered(self):
        seen, result = set(), []

        def go(node):
            if node in seen:
                return
            seen.add(node)
            for p in node.prev:
                go(p)
            result.insert(0, node)

        go(self)
        return result

    def step(self):
        g = self.grad
        x = self.prev[0] if self.prev else None
        y = self.prev[1] if len(self.prev) > 1 else None
        if self.op == '+':
            x.grad += g
            y.grad += g
        elif self.op == '-':
            x.grad += g
            y.grad -= g
        elif self.op == '*':
            x.grad += g * y.data
            y.grad += g * x.data
        elif self.op == '/':
            x.grad += g / y.data
            y.grad -= g * self.data / y.data
        elif self.op == '**':
            n = y.data
            x.grad += g * n * x.data ** (n - 1) if n != 0 else 0
            if x.data > 0:
                y.grad += g * self.data * math.log(x.data)
        elif self.op == 'tanh':
            x.grad += g * (1 - self.data ** 2)
        elif self.op == 'exp':
            x.grad += g * self.data
        elif self.op == 'log':
            x.grad += g / x.data
        elif self.op == 'relu':
            x.grad += g if x.data > 0 else 0
        elif self.op == 'sigmoid':
            x.grad += g * self.data * (1 - self.data)
        elif self.op == 'sin':
            x.grad += g * math.cos(x.data)
        elif self.op == 'cos':
            x.grad -= g * math.sin(x.data)
        elif self.op == 'sqrt':
            x.grad += g / (2 * self.data)
        elif self.op == 'abs':
            x.grad += g if x.data > 0 else -g
        else:
            assert self.op == '', self.op

    def __add__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data + o.data, (self, o), '+')

    def __sub__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data - o.data, (self, o), '-')

    def __mul__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data * o.data, (self, o), '*')

    def __truediv__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data / o.data, (self, o), '/')

    def __pow__(self, o):
        o = o if isinstance(o, Value) else Value(o)
        return Value(self.data ** o.data, (self, o), '**')

    def __radd__(self, o): return Value(o) + self
    def __rsub__(self, o): return Value(o) - self
    def __rmul__(self, o): return Value(o) * self
    def __rtruediv__(self, o): return Value(o) / self
    def __rpow__(self, o): return Value(o) ** self
    def __neg__(self): return 0 - self
    def __abs__(self): return Value(abs(self.data), (self,), 'abs')
    def tanh(self): return Value(math.tanh(self.data), (self,), 'tanh')
    def exp(self): return Value(math.exp(self.data), (self,), 'exp')
    def log(self): return Value(math.log(self.data), (self,), 'log')
    def relu(self): return Value(max(self.data, 0), (self,), 'relu')
    def sigmoid(self): return Value(1 / (1 + math.exp(-self.data)), (self,), 'sigmoid')
    def sin(self): return Value(math.sin(self.data), (self,), 'sin')
    def cos(self): return Value(math.cos(self.data), (self,), 'cos')
    def sqrt(self): return Value(math.sqrt(self.data), (self,), 'sqrt')
