# misconception: 8
# title: A node may be pushed twice, which the order of a set decides
# wrong_gradient: order/two-shared-results-sum@1 order/two-shared-results-product@1
# error: robustness/sigmoid-far-out@3
# nondeterministic: order/with-itself-sum@1 order/with-itself-product@1
# nondeterministic: order/with-itself-mirrored-sum@1 order/with-itself-mirrored-product@1
# nondeterministic: order/equal-arms-sum@1 order/equal-arms-product@1
# nondeterministic: order/equal-arms-mirrored-sum@1 order/equal-arms-mirrored-product@1
# nondeterministic: order/short-arm-sum@1 order/short-arm-product@1 order/short-arm-mirrored-sum@1
# nondeterministic: order/short-arm-mirrored-product@1 order/long-arm-sum@1 order/long-arm-product@1
# nondeterministic: order/long-arm-mirrored-sum@1 order/long-arm-mirrored-product@1
# nondeterministic: order/stacked-diamonds-sum@1 order/stacked-diamonds-product@1
# nondeterministic: order/stacked-unequal-diamonds-sum@1 order/stacked-unequal-diamonds-product@1
# nondeterministic: order/butterfly-sum@1 order/butterfly-product@1 order/three-depths-sum@1
# nondeterministic: order/three-depths-product@1 order/ladder-sum@1 order/ladder-product@1
# nondeterministic: order/loop
# blocked: power/power-twice@* power/power-of-a-negative-number@* power/again-power@1
# blocked: power/result-again-power@1 operators/again-opposite@1
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
# blocked: functions/result-again-cos@1 composite/softmax composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/residual composite/decay
# blocked: composite/smooth-distance composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/soft-step
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-8
# blocked: random/graph-11 random/graph-12

import math


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self._backward = lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

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
        topo, visited = [], set()
        stack = [self]
        while stack:
            node = stack[-1]
            if node in visited:
                topo.append(stack.pop())
            else:
                visited.add(node)
                stack += [child for child in node._prev if child not in visited]
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
