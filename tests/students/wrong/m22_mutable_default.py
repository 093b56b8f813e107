# misconception: 22
# title: A mutable default argument: all nodes share one gradient
# wrong_gradient: rules/unrelated-constant rules/sum@* rules/sum-of-1-and-2 rules/product@*
# wrong_gradient: rules/product-with-constant rules/power@* rules/power-zero rules/tanh@*
# wrong_gradient: operators/difference@* operators/quotient@* operators/opposite@*
# wrong_gradient: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# wrong_gradient: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@*
# wrong_gradient: functions/abs@*
# blocked: worked-example/* rules/unrelated-value rules/sum-with-zero@* rules/sum-of-four
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/power-one@* rules/power-of-one rules/power-at-zero
# blocked: rules/constant-times-power@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/add-number@*
# blocked: operators/number-add@* operators/subtract-number@* operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/add-zero operators/zero-add operators/subtract-zero
# blocked: operators/zero-subtract operators/multiply-zero operators/zero-multiply
# blocked: operators/zero-divide operators/multiply-one operators/one-multiply operators/divide-one
# blocked: operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/add-in-place
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/power-in-place operators/cube-in-place operators/numbers-in-place
# blocked: operators/chain-in-place operators/in-place-and-again operators/in-place-after-use
# blocked: functions/tanh@* functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/sum-twice@*
# blocked: reuse/product-twice@* reuse/quotient-twice reuse/sum-of-three reuse/product-of-three
# blocked: reuse/two-products reuse/three-products reuse/two-sums reuse/fan-out
# blocked: reuse/sum-then-product reuse/product-then-sum reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/two-powers reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-product reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-quotient reuse/equal-leaves-sum
# blocked: reuse/equal-results-product reuse/equal-results-apart reuse/equal-leaf-and-result
# blocked: reuse/equal-along-a-chain order/chain order/equal-arms order/product-of-itself
# blocked: order/short-arm-left order/short-arm-right order/long-arm-left order/long-arm-right
# blocked: order/one-step-and-two order/two-steps-and-one order/stacked-diamonds
# blocked: order/stacked-unequal-diamonds order/stacked-unequal-diamonds-mirrored order/butterfly
# blocked: order/three-depths order/three-depths-mirrored order/two-shared-nodes order/ladder
# blocked: order/loop-of-sums order/loop-with-tanh order/tanh-of-a-result order/exp-of-a-result
# blocked: order/log-of-a-result order/relu-of-a-result order/sigmoid-of-a-result
# blocked: order/sin-of-a-result order/cos-of-a-result order/sqrt-of-a-result
# blocked: order/quotient-of-a-result order/power-of-a-result order/difference-of-a-result
# blocked: order/opposite-of-a-result order/long-chain state/* composite/* random/* gradient-check/*
# blocked: training/* robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/tanh-far-out@* robustness/sigmoid-far-out@*
# blocked: robustness/exp-large@2 robustness/large-and-small

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=(), buffer=[0.0]):
        self.data = data
        self.buffer = buffer
        self.children = children

    @property
    def grad(self):
        return self.buffer[0]

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
        self.buffer[0] = 1.0
        for node in self.order():
            for child, local in node.children:
                child.buffer[0] += local * node.grad
