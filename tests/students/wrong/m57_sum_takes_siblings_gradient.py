# misconception: 57
# title: other.grad += self.grad in the sum
# wrong_gradient: reuse/sum-of-three reuse/same-pair-again-sum@1 reuse/two-sums reuse/fan-out
# wrong_gradient: reuse/again-both-sum@1 reuse/before-and-after-both-sum@1
# error: robustness/sigmoid-far-out@3
# blocked: power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1 operators/again-both-difference@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/pairs-difference@1
# blocked: operators/equal-operands-difference@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-mirrored-difference@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/before-and-after-add-number@1
# blocked: numbers/before-and-after-number-add@1 numbers/before-and-after-subtract-number@1
# blocked: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# blocked: numbers/before-and-after-number-multiply@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 in-place/equal-operands-add-in-place@1
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/in-place-after-use
# blocked: in-place/add-after-use in-place/multiply-after-use
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-relu@* functions/again-abs@* functions/again-sqrt@* functions/again-sin@*
# blocked: functions/again-cos@* functions/result-again-exp@1 functions/result-again-log@1
# blocked: functions/result-again-tanh@1 functions/result-again-sigmoid@1
# blocked: functions/result-again-relu@1 functions/result-again-abs@1 functions/result-again-sqrt@1
# blocked: functions/result-again-sin@1 functions/result-again-cos@1 order/with-itself-sum@1
# blocked: order/with-itself-mirrored-sum@1 order/with-itself-and-long-arm-sum@1
# blocked: order/with-itself-and-long-arm-mirrored-sum@1 order/equal-arms-sum@1
# blocked: order/equal-arms-mirrored-sum@1 order/short-arm-sum@1 order/short-arm-mirrored-sum@1
# blocked: order/long-arm-sum@1 order/long-arm-mirrored-sum@1 order/two-steps-and-four-sum@1
# blocked: order/two-steps-and-four-mirrored-sum@1 order/stacked-diamonds-sum@1
# blocked: order/stacked-unequal-diamonds-sum@1 order/butterfly-sum@1 order/three-depths-sum@1
# blocked: order/two-shared-results-sum@1 order/ladder-sum@1 composite/softmax
# blocked: composite/logistic-loss composite/sums-of-relu-and-abs composite/potential random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/difference gradient-check/quotient robustness/wide-sum@*

import math


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = tuple(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += self.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        if isinstance(other, Value):
            return (self.log() * other).exp()
        out = Value(self.data**other, (self,), f"**{other}")

        def _backward():
            if other != 0:
                self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, base):
        out = Value(base**self.data, (self,), f"{base}**")

        def _backward():
            self.grad += out.data * math.log(base) * out.grad

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

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        out = Value(s, (self,), "sigmoid")

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,), "sin")

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,), "cos")

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,), "abs")

        def _backward():
            self.grad += math.copysign(1, self.data) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
