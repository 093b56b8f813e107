# style: a class for each operation with forward and backward, called through apply
import math


class Function:
    def __init__(self, *inputs):
        self.inputs = inputs

    @classmethod
    def apply(cls, *inputs):
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        function = cls(*inputs)
        result = Tensor(function.forward(*(x.data for x in inputs)))
        result.creator = function
        return result


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, grad):
        return grad, grad


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, grad):
        return grad, -grad


class Mul(Function):
    def forward(self, a, b):
        self.saved = a, b
        return a * b

    def backward(self, grad):
        a, b = self.saved
        return grad * b, grad * a


class Div(Function):
    def forward(self, a, b):
        self.saved = a, b
        return a / b

    def backward(self, grad):
        a, b = self.saved
        return grad / b, -grad * a / b**2


class Pow(Function):
    def forward(self, a, n):
        self.saved = a, n
        return a**n

    def backward(self, grad):
        a, n = self.saved
        return grad * n * a ** (n - 1), grad * a**n * math.log(a) if a > 0 else 0.0


class Exp(Function):
    def forward(self, a):
        self.result = math.exp(a)
        return self.result

    def backward(self, grad):
        return (grad * self.result,)


class Log(Function):
    def forward(self, a):
        self.saved = a
        return math.log(a)

    def backward(self, grad):
        return (grad / self.saved,)


class Tanh(Function):
    def forward(self, a):
        self.result = math.tanh(a)
        return self.result

    def backward(self, grad):
        return (grad * (1 - self.result**2),)


class ReLU(Function):
    def forward(self, a):
        self.positive = a > 0
        return a if self.positive else 0.0

    def backward(self, grad):
        return (grad if self.positive else 0.0,)


class Tensor:
    def __init__(self, data, creator=None):
        self.data = data
        self.grad = None
        self.creator = creator

    def __add__(self, other):
        return Add.apply(self, other)

    def __radd__(self, other):
        return Add.apply(other, self)

    def __sub__(self, other):
        return Sub.apply(self, other)

    def __rsub__(self, other):
        return Sub.apply(other, self)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __rmul__(self, other):
        return Mul.apply(other, self)

    def __truediv__(self, other):
        return Div.apply(self, other)

    def __rtruediv__(self, other):
        return Div.apply(other, self)

    def __pow__(self, other):
        return Pow.apply(self, other)

    def __rpow__(self, other):
        return Pow.apply(other, self)

    def __neg__(self):
        return Mul.apply(self, -1.0)

    def exp(self):
        return Exp.apply(self)

    def log(self):
        return Log.apply(self)

    def tanh(self):
        return Tanh.apply(self)

    def relu(self):
        return ReLU.apply(self)

    def backward(self):
        order, visited = [], set()

        def visit(tensor):
            if tensor not in visited:
                visited.add(tensor)
                if tensor.creator is not None:
                    for x in tensor.creator.inputs:
                        visit(x)
                order.append(tensor)

        visit(self)
        for tensor in order:
            tensor.grad = 0.0
        self.grad = 1.0
        for tensor in reversed(order):
            if tensor.creator is None:
                continue
            grads = tensor.creator.backward(tensor.grad)
            for x, grad in zip(tensor.creator.inputs, grads):
                x.grad = x.grad + grad
