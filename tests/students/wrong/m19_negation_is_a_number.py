# misconception: 19
# title: Negation returns a plain number
# wrong_gradient: operators/difference@* operators/difference-with-zero@*
# wrong_gradient: operators/chain-difference@1 operators/difference-twice
# wrong_gradient: operators/again-both-difference@1 operators/before-and-after-both-difference@1
# wrong_gradient: operators/pairs-difference@1 operators/equal-operands-difference@1
# wrong_gradient: operators/uneven-results-difference@1
# wrong_gradient: operators/uneven-results-mirrored-difference@1
# wrong_gradient: operators/results-again-difference@1
# error: values/opposite@1 values/number-subtract@1 operators/opposite@* operators/opposite-of-zero
# error: operators/chain-of-opposite@1 operators/again-opposite@1
# error: operators/before-and-after-opposite@1 operators/result-again-opposite@1
# error: operators/twice-opposite@1
# blocked: numbers/number-subtract@* numbers/zero-number-subtract@1 numbers/one-number-subtract@1
# blocked: numbers/chain-number-subtract@1 numbers/twice-number-subtract
# blocked: numbers/again-number-subtract@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/result-again-number-subtract@1 in-place/alone-subtract-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/equal-operands-subtract-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/itself-subtract-in-place@1
# blocked: in-place/again-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1 composite/two-layers
# blocked: composite/rational composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave composite/gated-unit composite/hinge composite/decay
# blocked: composite/smooth-distance composite/entropy composite/growth composite/reciprocals
# blocked: composite/odds composite/potential random/graph-6 random/graph-7 random/graph-9
# blocked: random/graph-11 random/graph-12 gradient-check/difference gradient-check/powers
# blocked: gradient-check/numbers training/one-step

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
