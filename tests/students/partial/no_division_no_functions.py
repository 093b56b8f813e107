# style: sums, differences, products and powers, reflected ones too, but no / and none of the functions
# has: addition, subtraction, multiplication, negation, power, addition of a number, subtraction of
#   a number, multiplication by a number, addition to a number, subtraction from a number,
#   multiplication of a number
"""Polynomials only. Division and tanh were optional, so I left them out."""


class Scalar:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self._prev = ()
        self._backward = lambda: None

    def _new(self, data, prev, backward):
        out = Scalar(data)
        out._prev = prev
        out._backward = lambda: backward(out.grad)
        return out

    def __add__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)

        def backward(g):
            self.grad += g
            other.grad += g

        return self._new(self.data + other.data, (self, other), backward)

    def __mul__(self, other):
        other = other if isinstance(other, Scalar) else Scalar(other)

        def backward(g):
            self.grad += g * other.data
            other.grad += g * self.data

        return self._new(self.data * other.data, (self, other), backward)

    def __pow__(self, n):
        if not isinstance(n, (int, float)):
            raise NotImplementedError("only numbers as exponents")

        def backward(g):
            if n != 0:
                self.grad += g * n * self.data ** (n - 1)

        return self._new(self.data**n, (self,), backward)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return other + -1 * self

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for u in v._prev:
                    build(u)
                topo.append(v)

        build(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()
