# misconception: 33, 39
# title: 1 - x as x - 1, and nodes of equal value merge
# wrong_value: values/number-subtract@1 numbers/number-subtract@* numbers/one-number-subtract@1
# wrong_value: numbers/chain-number-subtract@1 numbers/twice-number-subtract
# wrong_value: numbers/again-number-subtract@1 numbers/before-and-after-number-subtract@1
# wrong_value: numbers/result-again-number-subtract@1
# wrong_gradient: equal-numbers/two-sums equal-numbers/along-a-chain-of-sums
# wrong_gradient: equal-numbers/two-products equal-numbers/along-a-chain-of-products
# nondeterministic: equal-numbers/leaves-in-sum@1 equal-numbers/leaves-in-product@1
# nondeterministic: equal-numbers/sums-at-two-depths equal-numbers/three-sums
# nondeterministic: equal-numbers/leaf-and-sum equal-numbers/products-at-two-depths
# nondeterministic: equal-numbers/three-products equal-numbers/leaf-and-product
# blocked: rules/product-with-0-and-1@1 rules/product-with-0-and-1@2 power/power-at-zero
# blocked: power/power-again@2 operators/difference-with-zero@1 operators/quotient-of-zero
# blocked: operators/quotient-by-1@* operators/opposite-of-zero operators/twice-opposite@1
# blocked: operators/pairs-difference@1 operators/pairs-quotient@1 numbers/zero-add-number@1
# blocked: numbers/zero-number-add@1 numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/one-multiply-number@1 numbers/one-number-multiply@1 numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/twice-number-divide numbers/at-zero-multiply-number@1
# blocked: numbers/at-zero-number-multiply@1 numbers/at-zero-divide-number@1
# blocked: numbers/at-zero-number-power@1 numbers/sum-from-zero in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@2 in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/again-relu@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@* functions/twice-exp@1
# blocked: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# blocked: functions/twice-abs@1 functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1
# blocked: functions/twice-relu reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1
# blocked: composite/relu-layers composite/gated-unit composite/hinge composite/residual
# blocked: composite/entropy composite/sums-of-relu-and-abs composite/products-of-relu-and-abs
# blocked: composite/sums-of-sigmoid-and-relu@* composite/products-of-sigmoid-and-relu
# blocked: composite/leaky-relu composite/reciprocals composite/odds composite/potential
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp
# blocked: gradient-check/numbers gradient-check/relu robustness/stacked-diamonds@*
# blocked: robustness/deep-products

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)

    def __eq__(self, other):
        return self.data == (other.data if isinstance(other, Value) else other)

    def __hash__(self):
        return hash(self.data)

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Value(self.data**other, (self,))

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Value(other**self.data, (self,))

        def _backward():
            self.grad += math.log(other) * out.data * out.grad

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
        t = math.tanh(self.data)
        out = Value(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,))

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.data / 2)) / 2
        out = Value(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))

        def _backward():
            self.grad += math.cos(self.data) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,))

        def _backward():
            self.grad -= math.sin(self.data) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,))

        def _backward():
            self.grad += (1 if self.data > 0 else -1) * out.grad

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
        for v in reversed(topo):
            v._backward()
