# misconception: 14
# title: The closure is stored on the left operand, where the next use overwrites it
# wrong_gradient: rules/constant-times-power@* operators/difference@* operators/quotient@*
# wrong_gradient: reuse/two-products reuse/three-products reuse/two-sums reuse/sum-then-product
# wrong_gradient: reuse/product-then-sum reuse/two-powers reuse/equal-leaves-function
# wrong_gradient: reuse/equal-results-product reuse/equal-results-apart reuse/equal-leaf-and-result
# wrong_gradient: order/equal-arms order/short-arm-left order/long-arm-right order/one-step-and-two
# wrong_gradient: order/two-steps-and-one order/stacked-unequal-diamonds
# wrong_gradient: order/stacked-unequal-diamonds-mirrored order/butterfly
# wrong_gradient: order/three-depths-mirrored order/two-shared-nodes order/ladder
# wrong_gradient: order/loop-with-tanh composite/neuron@* robustness/deep-products
# wrong_gradient: robustness/large-and-small
# blocked: operators/difference-with-zero@* operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/subtract-in-place operators/divide-in-place
# blocked: operators/chain-in-place operators/in-place-after-use reuse/difference-twice
# blocked: reuse/quotient-twice reuse/fan-out reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/same-function-twice reuse/equal-leaves-difference
# blocked: reuse/equal-leaves-quotient order/quotient-of-a-result order/difference-of-a-result
# blocked: state/unused-result-made-last composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/rational composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave random/graph-2 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/quotient gradient-check/powers gradient-check/numbers gradient-check/tanh
# blocked: gradient-check/waves training/*

import math


class Node:
    def __init__(self, val, _children=()):
        self.val = val
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Node(val={self.val}, grad={self.grad})"

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.val + other.val, (self, other))

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        self._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.val * other.val, (self, other))

        def _backward():
            self.grad += other.val * out.grad
            other.grad += self.val * out.grad

        self._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Node(self.val**other, (self,))

        def _backward():
            self.grad += other * self.val ** (other - 1) * out.grad

        self._backward = _backward
        return out

    def __rpow__(self, other):
        out = Node(other**self.val, (self,))

        def _backward():
            self.grad += math.log(other) * out.val * out.grad

        self._backward = _backward
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
        t = math.tanh(self.val)
        out = Node(t, (self,))

        def _backward():
            self.grad += (1 - t**2) * out.grad

        self._backward = _backward
        return out

    def exp(self):
        out = Node(math.exp(self.val), (self,))

        def _backward():
            self.grad += out.val * out.grad

        self._backward = _backward
        return out

    def log(self):
        out = Node(math.log(self.val), (self,))

        def _backward():
            self.grad += out.grad / self.val

        self._backward = _backward
        return out

    def relu(self):
        out = Node(self.val if self.val > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.val > 0) * out.grad

        self._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.val / 2)) / 2
        out = Node(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        self._backward = _backward
        return out

    def sin(self):
        out = Node(math.sin(self.val), (self,))

        def _backward():
            self.grad += math.cos(self.val) * out.grad

        self._backward = _backward
        return out

    def cos(self):
        out = Node(math.cos(self.val), (self,))

        def _backward():
            self.grad -= math.sin(self.val) * out.grad

        self._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Node(abs(self.val), (self,))

        def _backward():
            self.grad += (1 if self.val > 0 else -1) * out.grad

        self._backward = _backward
        return out

    def backwards(self):
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
