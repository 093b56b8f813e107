# misconception: 2
# title: Multiplication assigns the right factor's share with =
# wrong_gradient: reuse/product-twice@* reuse/product-of-three reuse/same-pair-again-product@1
# wrong_gradient: reuse/three-products reuse/fan-out reuse/again-both-product@1
# wrong_gradient: reuse/before-and-after-both-sum@1 reuse/before-and-after-both-product@1
# blocked: rules/product-with-0-and-1@* in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/one-and-zero-multiply-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1 in-place/add-after-use
# blocked: in-place/itself-multiply-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1 equal-numbers/leaves-in-product@1
# blocked: order/with-itself-product@1 order/with-itself-mirrored-product@1
# blocked: order/with-itself-and-long-arm-product@1
# blocked: order/with-itself-and-long-arm-mirrored-product@1 order/stacked-diamonds-product@1
# blocked: order/butterfly-product@1 order/three-depths-product@1 order/two-shared-results-product@1
# blocked: order/ladder-product@1 order/loop composite/horner composite/repeated-squaring
# blocked: composite/wave composite/hinge composite/decay composite/smooth-distance
# blocked: composite/entropy composite/long-chain composite/products-of-exp-and-tanh@*
# blocked: composite/products-of-relu-and-abs composite/products-of-sigmoid-and-log
# blocked: composite/products-of-sin-and-cos composite/products-of-sigmoid-and-relu
# blocked: composite/reciprocals composite/odds composite/products-of-relu-and-exp random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-6 random/graph-7 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/product-and-sum
# blocked: gradient-check/quotient gradient-check/tanh gradient-check/exp gradient-check/log
# blocked: gradient-check/waves training/network robustness/stacked-diamonds@*

import math


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

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
            other.grad = self.data * out.grad

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
        return (-self) + other

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
