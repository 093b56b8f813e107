# misconception: 46
# title: Shares are added with the momentum of an optimizer
# wrong_gradient: reuse/sum-twice@* reuse/product-twice@* reuse/difference-twice
# wrong_gradient: reuse/quotient-twice reuse/sum-of-three reuse/product-of-three reuse/two-products
# wrong_gradient: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# wrong_gradient: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# wrong_gradient: reuse/opposite-then-product reuse/power-then-product reuse/two-powers
# wrong_gradient: reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# wrong_gradient: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused
# wrong_gradient: reuse/abs-reused order/equal-arms order/product-of-itself order/short-arm-left
# wrong_gradient: order/short-arm-right order/long-arm-left order/long-arm-right
# wrong_gradient: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# wrong_gradient: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored
# wrong_gradient: order/butterfly order/three-depths order/three-depths-mirrored
# wrong_gradient: order/two-shared-nodes order/ladder order/loop-of-sums order/loop-with-tanh
# wrong_gradient: order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# wrong_gradient: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# wrong_gradient: order/cos-of-a-result order/sqrt-of-a-result order/abs-of-a-result
# wrong_gradient: order/quotient-of-a-result order/power-of-a-result order/difference-of-a-result
# wrong_gradient: order/opposite-of-a-result
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/in-place-and-again reuse/same-function-twice
# blocked: order/long-chain state/unused-result composite/two-layers composite/relu-layers
# blocked: composite/polynomial composite/horner composite/rational composite/repeated-squaring
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss composite/wave
# blocked: random/graph-2 random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/* training/line training/network robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = Value.wrap(other)
        a, b = self.data, other.data
        return Value(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Value):
            out = self.data**n.data
            by_base = n.data * self.data ** (n.data - 1)
            return Value(out, ((self, by_base), (n, out * log(self.data))))
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.data
        return Value(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.data)
        return Value(s, ((self, s * (1 - s)),))

    def sin(self):
        return Value(sin(self.data), ((self, cos(self.data)),))

    def cos(self):
        return Value(cos(self.data), ((self, -sin(self.data)),))

    def sqrt(self):
        r = sqrt(self.data)
        return Value(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Value(abs(self.data), ((self, 1.0 if self.data > 0 else -1.0),))

    def order(self):
        seen, done, stack = set(), [], [(self, False)]
        while stack:
            node, finished = stack.pop()
            if finished:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                for child, _ in node.children:
                    stack.append((child, False))
        return done[::-1]

    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad = 0.9 * child.grad + local * node.grad
