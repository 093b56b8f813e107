# misconception: 3, 33
# title: Naive recursion, and 1 - x as x - 1
# wrong_value: operators/number-subtract@*
# wrong_gradient: order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# wrong_gradient: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# wrong_gradient: order/cos-of-a-result order/sqrt-of-a-result order/quotient-of-a-result
# wrong_gradient: order/power-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: operators/zero-subtract operators/chain-of-number-subtract composite/relu-layers
# blocked: composite/repeated-squaring composite/softmax composite/logistic-loss composite/wave
# blocked: random/graph-2 random/graph-3 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: robustness/stacked-diamonds@*

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
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self - other

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

    def compute_gradients(self, first=True):
        if first:
            self.derivative = 1.0
        self._backward()
        for child in self._prev:
            child.compute_gradients(first=False)
