# misconception: 22
# title: Closures made in a loop all see the last operand
# wrong_gradient: rules/sum@* rules/sum-of-1-and-2 rules/product@* rules/product-with-constant
# wrong_gradient: operators/difference@* operators/quotient@*
# blocked: worked-example/* rules/unrelated-value rules/sum-with-zero@* rules/sum-of-four
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/constant-times-power@* rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/add-number@*
# blocked: operators/number-add@* operators/subtract-number@* operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/add-zero operators/zero-add operators/subtract-zero
# blocked: operators/zero-subtract operators/multiply-one operators/one-multiply
# blocked: operators/divide-one operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-number-divide operators/chain-of-number-power operators/sum-from-zero
# blocked: operators/add-in-place operators/subtract-in-place operators/multiply-in-place
# blocked: operators/divide-in-place operators/numbers-in-place operators/chain-in-place
# blocked: operators/in-place-and-again operators/in-place-after-use functions/tanh-in-a-chain
# blocked: functions/exp-in-a-chain functions/log-in-a-chain functions/relu-in-a-chain@1
# blocked: functions/sigmoid-in-a-chain functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/difference-twice
# blocked: reuse/quotient-twice reuse/sum-of-three reuse/product-of-three reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# blocked: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# blocked: reuse/power-then-product reuse/two-powers reuse/tanh-reused reuse/exp-reused
# blocked: reuse/log-reused reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-product reuse/equal-leaves-function
# blocked: reuse/equal-leaves-difference reuse/equal-leaves-quotient reuse/equal-leaves-sum
# blocked: reuse/equal-results-product reuse/equal-results-apart reuse/equal-leaf-and-result
# blocked: reuse/equal-along-a-chain order/* state/* composite/neuron@* composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave random/* gradient-check/* training/*
# blocked: robustness/stacked-diamonds@* robustness/wide-sum@* robustness/deep-products
# blocked: robustness/large-and-small

from math import cos, exp, log, sin, sqrt, tanh


class Node:
    """A number with the local derivative by each of its children."""

    def __init__(self, val, children=()):
        self.val = val
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Node) else Node(x)

    def __add__(self, other):
        other = Node.wrap(other)
        return Node(self.val + other.val, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Node.wrap(other)
        return Node(self.val - other.val, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Node.wrap(other)
        return Node(self.val * other.val, ((self, other.val), (other, self.val)))

    def __truediv__(self, other):
        other = Node.wrap(other)
        a, b = self.val, other.val
        return Node(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Node):
            out = self.val**n.val
            by_base = n.val * self.val ** (n.val - 1)
            return Node(out, ((self, by_base), (n, out * log(self.val))))
        return Node(self.val**n, ((self, n * self.val ** (n - 1)),))

    def __neg__(self):
        return Node(-self.val, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Node.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Node.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.val
        return Node(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.val)
        return Node(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.val)
        return Node(e, ((self, e),))

    def log(self):
        return Node(log(self.val), ((self, 1 / self.val),))

    def relu(self):
        return Node(max(0.0, self.val), ((self, 1.0 if self.val > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.val)
        return Node(s, ((self, s * (1 - s)),))

    def sin(self):
        return Node(sin(self.val), ((self, cos(self.val)),))

    def cos(self):
        return Node(cos(self.val), ((self, -sin(self.val)),))

    def sqrt(self):
        r = sqrt(self.val)
        return Node(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Node(abs(self.val), ((self, 1.0 if self.val > 0 else -1.0),))

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

    def backwards(self):
        self.grad = 1.0
        for node in self.order():
            shares = []
            for child, local in node.children:
                shares.append(lambda grad: child.receive(local * grad))
            for share in shares:
                share(node.grad)

    def receive(self, grad):
        self.grad += grad
