# misconception: 24, 27
# title: n missing, and tanh' as 1 - t
# wrong_gradient: rules/power@* rules/power-zero rules/tanh@* operators/quotient@* functions/sqrt@*
# blocked: rules/power-of-one rules/constant-times-power@* rules/chain-of-power@*
# blocked: rules/chain-of-powers@* rules/chain-of-tanh@* rules/tanh-of-tanh
# blocked: operators/chain-of-quotient operators/number-divide@* operators/chain-of-number-divide
# blocked: operators/divide-in-place operators/power-in-place operators/cube-in-place
# blocked: operators/chain-in-place functions/tanh@* functions/tanh-in-a-chain
# blocked: functions/sqrt-in-a-chain reuse/quotient-twice reuse/fan-out reuse/quotient-then-product
# blocked: reuse/power-then-product reuse/two-powers reuse/tanh-reused reuse/sqrt-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-function reuse/equal-leaves-quotient
# blocked: order/loop-with-tanh order/tanh-of-a-result order/sqrt-of-a-result
# blocked: order/quotient-of-a-result order/power-of-a-result state/same-numbers-twice
# blocked: composite/neuron@* composite/two-layers composite/polynomial composite/rational
# blocked: composite/softmax random/graph-2 random/graph-3 random/graph-4 random/graph-5
# blocked: random/graph-6 random/graph-7 random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/quotient gradient-check/powers
# blocked: gradient-check/numbers gradient-check/tanh gradient-check/waves training/*
# blocked: robustness/deep-chain@* robustness/tanh-far-out@3 robustness/tanh-far-out@5

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

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.val * other.val, (self, other))

        def _backward():
            self.grad += other.val * out.grad
            other.grad += self.val * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Node(self.val**other, (self,))

        def _backward():
            self.grad += self.val ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Node(other**self.val, (self,))

        def _backward():
            self.grad += math.log(other) * out.val * out.grad

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
        t = math.tanh(self.val)
        out = Node(t, (self,))

        def _backward():
            self.grad += (1 - t) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Node(math.exp(self.val), (self,))

        def _backward():
            self.grad += out.val * out.grad

        out._backward = _backward
        return out

    def log(self):
        out = Node(math.log(self.val), (self,))

        def _backward():
            self.grad += out.grad / self.val

        out._backward = _backward
        return out

    def relu(self):
        out = Node(self.val if self.val > 0 else 0.0, (self,))

        def _backward():
            self.grad += (out.val > 0) * out.grad

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.val / 2)) / 2
        out = Node(s, (self,))

        def _backward():
            self.grad += s * (1 - s) * out.grad

        out._backward = _backward
        return out

    def sin(self):
        out = Node(math.sin(self.val), (self,))

        def _backward():
            self.grad += math.cos(self.val) * out.grad

        out._backward = _backward
        return out

    def cos(self):
        out = Node(math.cos(self.val), (self,))

        def _backward():
            self.grad -= math.sin(self.val) * out.grad

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Node(abs(self.val), (self,))

        def _backward():
            self.grad += (1 if self.val > 0 else -1) * out.grad

        out._backward = _backward
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
