# misconception: 22
# title: A mutable default argument: all nodes share one gradient
# wrong_gradient: rules/unrelated-constant rules/sum@* rules/sum-of-1-and-2 rules/product@*
# wrong_gradient: rules/product-with-constant rules/power@* rules/power-zero rules/tanh@*
# wrong_gradient: operators/difference@* operators/quotient@* operators/opposite@*
# wrong_gradient: operators/number-power@* functions/exp@* functions/log@* functions/relu@*
# wrong_gradient: functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@*
# wrong_gradient: functions/abs@*
# blocked: worked-example/* rules/unrelated-value rules/sum-of-four rules/product-with-zero
# blocked: rules/product-of-1-and-2 rules/product-of-three@* rules/power-one@* rules/power-at-zero
# blocked: rules/constant-times-power@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/quotient-of-zero
# blocked: operators/chain-of-difference operators/chain-of-quotient operators/chain-of-opposite
# blocked: operators/add-number@* operators/number-add@* operators/subtract-number@*
# blocked: operators/number-subtract@* operators/multiply-number@* operators/number-multiply@*
# blocked: operators/divide-number@* operators/number-divide@* operators/chain-of-add-number
# blocked: operators/chain-of-number-add operators/chain-of-subtract-number
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power operators/add-in-place
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/power-in-place operators/numbers-in-place operators/chain-in-place
# blocked: operators/in-place-and-again operators/in-place-after-use functions/tanh@*
# blocked: functions/tanh-in-a-chain functions/exp-in-a-chain functions/log-in-a-chain
# blocked: functions/relu-in-a-chain@* functions/sigmoid-in-a-chain functions/sin-in-a-chain
# blocked: functions/cos-in-a-chain functions/sqrt-in-a-chain functions/abs-in-a-chain
# blocked: reuse/sum-twice@* reuse/product-twice@* reuse/quotient-twice reuse/sum-of-three
# blocked: reuse/product-of-three reuse/two-products reuse/two-sums reuse/fan-out
# blocked: reuse/sum-then-product reuse/product-then-sum reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/two-powers reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-product reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain order/*
# blocked: state/* composite/* random/* gradient-check/* training/* robustness/deep-chain@*
# blocked: robustness/stacked-diamonds@* robustness/wide-sum@* robustness/deep-products
# blocked: robustness/tanh-far-out@* robustness/sigmoid-far-out@* robustness/exp-large@2
# blocked: robustness/large-and-small

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
