# style: no backward() at all yet: every node has a _backward closure, to be called by hand from the output
# design: number, set of children, op, closure / none: the caller calls closures / closure adds
"""As far as the lecture got on Tuesday. To run it, set o.grad = 1.0 and call _backward() of every node,
beginning at the output:

    >>> o.grad = 1.0
    >>> o._backward()
    >>> n._backward()

and so on.
"""
import math


class Value:
    def __init__(self, data, _children=(), _op=''):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op

    def __repr__(self):
        return f"Value(data={self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), '+')
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other), '-')
        def _backward():
            self.grad += out.grad
            other.grad -= out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), '*')
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data / other.data, (self, other), '/')
        def _backward():
            self.grad += out.grad / other.data
            other.grad -= self.data / other.data**2 * out.grad
        out._backward = _backward
        return out

    def __pow__(self, k):
        if isinstance(k, Value):
            return (k * self.log()).exp()
        out = Value(self.data**k, (self,), f'**{k}')
        def _backward():
            if k != 0:
                self.grad += k * self.data**(k - 1) * out.grad
        out._backward = _backward
        return out

    def __rpow__(self, c):
        out = Value(c**self.data, (self,), f'{c}**')
        def _backward():
            self.grad += out.data * math.log(c) * out.grad
        out._backward = _backward
        return out

    def __neg__(self):
        out = Value(-self.data, (self,), 'neg')
        def _backward():
            self.grad -= out.grad
        out._backward = _backward
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def _unary(self, data, slope, op):
        out = Value(data, (self,), op)
        def _backward():
            self.grad += slope * out.grad
        out._backward = _backward
        return out

    def __abs__(self):
        return self._unary(abs(self.data), 1.0 if self.data > 0 else -1.0, 'abs')

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, 1 - t**2, 'tanh')

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, e, 'exp')

    def log(self):
        return self._unary(math.log(self.data), 1 / self.data, 'log')

    def relu(self):
        return self._unary(max(0.0, self.data), 1.0 if self.data > 0 else 0.0, 'relu')

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._unary(s, s * (1 - s), 'sigmoid')

    def sin(self):
        return self._unary(math.sin(self.data), math.cos(self.data), 'sin')

    def cos(self):
        return self._unary(math.cos(self.data), -math.sin(self.data), 'cos')

    def sqrt(self):
        return self._unary(math.sqrt(self.data), 0.5 / math.sqrt(self.data), 'sqrt')
