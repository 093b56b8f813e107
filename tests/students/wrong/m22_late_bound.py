# misconception: 22
# title: Closures made in a loop all see the last operand
# wrong_gradient: rules/sum@* rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# wrong_gradient: operators/difference@* operators/quotient@* operators/quotient-twice
# blocked: worked-example/* pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# blocked: pass/right-of-a-product pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/unrelated-result
# blocked: rules/product-with-0-and-1@* rules/product-beside-a-number@* rules/chain-of-sum
# blocked: rules/chain-of-products@* power/power-twice@* power/power-at-zero
# blocked: power/power-of-a-negative-number@* power/power-again@* power/constant-times-power@*
# blocked: power/chain-of-power@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite-of-zero operators/chain-difference@1 operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/difference-twice operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/add-number@* numbers/number-add@*
# blocked: numbers/subtract-number@* numbers/number-subtract@* numbers/multiply-number@*
# blocked: numbers/number-multiply@* numbers/divide-number@* numbers/number-divide@*
# blocked: numbers/zero-add-number@1 numbers/zero-number-add@1 numbers/zero-subtract-number@1
# blocked: numbers/zero-number-subtract@1 numbers/zero-multiply-number@1
# blocked: numbers/zero-number-multiply@1 numbers/zero-number-divide@1 numbers/one-add-number@1
# blocked: numbers/one-number-add@1 numbers/one-subtract-number@1 numbers/one-number-subtract@1
# blocked: numbers/one-multiply-number@1 numbers/one-number-multiply@1 numbers/one-divide-number@1
# blocked: numbers/one-number-divide@1 numbers/one-number-power@1 numbers/chain-add-number@1
# blocked: numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/twice-add-number
# blocked: numbers/twice-number-add numbers/twice-subtract-number numbers/twice-number-subtract
# blocked: numbers/twice-multiply-number numbers/twice-number-multiply numbers/twice-divide-number
# blocked: numbers/twice-number-divide numbers/twice-number-power
# blocked: numbers/minus-one-multiply-number@1 numbers/minus-one-number-multiply@1
# blocked: numbers/minus-one-divide-number@1 numbers/minus-one-number-divide@1
# blocked: numbers/at-zero-multiply-number@1 numbers/at-zero-number-multiply@1
# blocked: numbers/at-zero-divide-number@1 numbers/at-zero-number-power@1 numbers/sum-from-zero
# blocked: numbers/again-add-number@1 numbers/again-number-add@1 numbers/again-subtract-number@1
# blocked: numbers/again-number-subtract@1 numbers/again-multiply-number@1
# blocked: numbers/again-number-multiply@1 numbers/again-divide-number@1
# blocked: numbers/again-number-divide@1 numbers/again-number-power@1
# blocked: numbers/before-and-after-add-number@1 numbers/before-and-after-number-add@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-multiply-number@1 numbers/before-and-after-number-multiply@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/before-and-after-number-power@1 numbers/result-again-add-number@1
# blocked: numbers/result-again-number-add@1 numbers/result-again-subtract-number@1
# blocked: numbers/result-again-number-subtract@1 numbers/result-again-multiply-number@1
# blocked: numbers/result-again-number-multiply@1 numbers/result-again-divide-number@1
# blocked: numbers/result-again-number-divide@1 numbers/result-again-number-power@1
# blocked: numbers/whole-quotient numbers/whole-number-divided numbers/divided-by-a-whole-number
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/alone-add-in-place@1 in-place/alone-subtract-in-place@1
# blocked: in-place/alone-multiply-in-place@1 in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-add-number-in-place@* in-place/alone-with-subtract-number-in-place@*
# blocked: in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/alone-with-divide-number-in-place@* in-place/zero-add-number-in-place@1
# blocked: in-place/zero-subtract-number-in-place@1 in-place/zero-multiply-number-in-place@1
# blocked: in-place/zero-power-number-in-place@1 in-place/one-add-number-in-place@1
# blocked: in-place/one-subtract-number-in-place@1 in-place/one-multiply-number-in-place@1
# blocked: in-place/one-divide-number-in-place@1 in-place/one-power-number-in-place@1
# blocked: in-place/powers@* in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: in-place/chain-add-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-multiply-in-place@1 in-place/chain-divide-in-place@1
# blocked: in-place/chain-with-add-number-in-place@1 in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/equal-operands-add-in-place@1
# blocked: in-place/equal-operands-subtract-in-place@1 in-place/equal-operands-multiply-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1 in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/in-place-after-use in-place/add-after-use
# blocked: in-place/multiply-after-use in-place/itself-add-in-place@1
# blocked: in-place/itself-subtract-in-place@1 in-place/itself-multiply-in-place@1
# blocked: in-place/itself-divide-in-place@1 in-place/again-add-number-in-place@1
# blocked: in-place/again-subtract-number-in-place@1 in-place/again-multiply-number-in-place@1
# blocked: in-place/again-divide-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/relu-switched-off@*
# blocked: functions/cos-at-zero functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# blocked: functions/chain-sigmoid@1 functions/chain-abs@1 functions/chain-sqrt@1
# blocked: functions/chain-sin@1 functions/chain-cos@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-relu@* functions/again-abs@* functions/again-sqrt@* functions/again-sin@*
# blocked: functions/again-cos@* functions/before-and-after-exp@* functions/before-and-after-log@*
# blocked: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# blocked: functions/before-and-after-relu@* functions/before-and-after-abs@*
# blocked: functions/before-and-after-sqrt@* functions/before-and-after-sin@*
# blocked: functions/before-and-after-cos@* functions/twice-exp@1 functions/twice-log@1
# blocked: functions/twice-tanh@1 functions/twice-sigmoid@1 functions/twice-abs@1
# blocked: functions/twice-sqrt@1 functions/twice-sin@1 functions/twice-cos@1 functions/twice-relu
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 reuse/sum-of-three reuse/product-of-three
# blocked: reuse/same-pair-again-sum@1 reuse/same-pair-again-product@1 reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/again-both-sum@1
# blocked: reuse/again-both-product@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-product@1 equal-numbers/* order/* state/* composite/neuron@1
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/horner
# blocked: composite/rational composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/long-chain composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/*
# blocked: gradient-check/* training/* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/large-and-small

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
