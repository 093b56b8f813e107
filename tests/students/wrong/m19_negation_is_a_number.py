# misconception: 19
# title: Negation returns a plain number
# wrong_gradient: operators/difference@*
# error: operators/opposite@*
# blocked: operators/difference-with-zero@* operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-opposite operators/number-subtract@* operators/zero-subtract
# blocked: operators/chain-of-number-subtract operators/subtract-in-place operators/numbers-in-place
# blocked: operators/chain-in-place reuse/difference-twice reuse/fan-out
# blocked: reuse/difference-then-product reuse/opposite-then-product reuse/equal-leaves-difference
# blocked: order/difference-of-a-result order/opposite-of-a-result composite/two-layers
# blocked: composite/rational composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/powers gradient-check/numbers training/one-step

import math


class Var:
    def __init__(self, value, _children=()):
        self.value = value
        self.derivative = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Var(value={self.value}, derivative={self.derivative})"

    def __add__(self, other):
        other = other if isinstance(other, Var) else Var(other)
        out = Var(self.value + other.value, (self, other))

        def _backward():
            self.derivative += out.derivative
            other.derivative += out.derivative

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Var) else Var(other)
        out = Var(self.value * other.value, (self, other))

        def _backward():
            self.derivative += other.value * out.derivative
            other.derivative += self.value * out.derivative

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Var(self.value**other, (self,))

        def _backward():
            self.derivative += other * self.value ** (other - 1) * out.derivative

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Var(other**self.value, (self,))

        def _backward():
            self.derivative += math.log(other) * out.value * out.derivative

        out._backward = _backward
        return out

    def __neg__(self):
        return self.value * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return (-self) + other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.value)
        out = Var(t, (self,))

        def _backward():
            self.derivative += (1 - t**2) * out.derivative

        out._backward = _backward
        return out

    def exp(self):
        out = Var(math.exp(self.value), (self,))

        def _backward():
            self.derivative += out.value * out.derivative

        out._backward = _backward
        return out

    def log(self):
        out = Var(math.log(self.value), (self,))

        def _backward():
            self.derivative += out.derivative / self.value

        out._backward = _backward
        return out

    def relu(self):
        out = Var(self.value if self.value > 0 else 0.0, (self,))

        def _backward():
            self.derivative += (out.value > 0) * out.derivative

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.value / 2)) / 2
        out = Var(s, (self,))

        def _backward():
            self.derivative += s * (1 - s) * out.derivative

        out._backward = _backward
        return out

    def sin(self):
        out = Var(math.sin(self.value), (self,))

        def _backward():
            self.derivative += math.cos(self.value) * out.derivative

        out._backward = _backward
        return out

    def cos(self):
        out = Var(math.cos(self.value), (self,))

        def _backward():
            self.derivative -= math.sin(self.value) * out.derivative

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Var(abs(self.value), (self,))

        def _backward():
            self.derivative += (1 if self.value > 0 else -1) * out.derivative

        out._backward = _backward
        return out

    def compute_gradients(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.derivative = 1.0
        for v in reversed(topo):
            v._backward()
