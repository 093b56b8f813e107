# misconception: 4
# title: Nodes are run in the order of a list that was reversed twice
# wrong_value: training/*
# wrong_gradient: rules/sum-of-four rules/product-of-three@1 rules/chain-of-powers@*
# wrong_gradient: rules/tanh-of-tanh
# error: robustness/sigmoid-far-out@3
# blocked: worked-example/* pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/power-again@* rules/constant-times-power@*
# blocked: rules/chain-of-sum rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-tanh@*
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: numbers/chain-add-number@1 numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/sum-from-zero
# blocked: numbers/whole-tanh numbers/whole-sum-of-products in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/numbers-in-place in-place/chain-in-place in-place/in-place-after-use
# blocked: functions/chain-exp@* functions/chain-log@* functions/chain-tanh@*
# blocked: functions/chain-sigmoid@* functions/chain-relu@* functions/chain-abs@*
# blocked: functions/chain-sqrt@* functions/chain-sin@* functions/chain-cos@* reuse/sum-of-three
# blocked: reuse/product-of-three reuse/two-products reuse/three-products reuse/two-sums
# blocked: reuse/fan-out reuse/two-powers reuse/again-opposite@1 reuse/again-power@1
# blocked: reuse/again-add-number@1 reuse/again-number-add@1 reuse/again-subtract-number@1
# blocked: reuse/again-number-subtract@1 reuse/again-multiply-number@1 reuse/again-number-multiply@1
# blocked: reuse/again-divide-number@1 reuse/again-number-divide@1 reuse/again-number-power@1
# blocked: reuse/again-add-number-in-place@1 reuse/again-subtract-number-in-place@1
# blocked: reuse/again-multiply-number-in-place@1 reuse/again-divide-number-in-place@1
# blocked: reuse/again-power-number-in-place@1 reuse/again-exp@1 reuse/again-log@1
# blocked: reuse/again-tanh@1 reuse/again-sigmoid@1 reuse/again-relu@1 reuse/again-abs@1
# blocked: reuse/again-sqrt@1 reuse/again-sin@1 reuse/again-cos@1 reuse/before-and-after-opposite@1
# blocked: reuse/before-and-after-power@1 reuse/before-and-after-add-number@1
# blocked: reuse/before-and-after-number-add@1 reuse/before-and-after-subtract-number@1
# blocked: reuse/before-and-after-number-subtract@1 reuse/before-and-after-multiply-number@1
# blocked: reuse/before-and-after-number-multiply@1 reuse/before-and-after-divide-number@1
# blocked: reuse/before-and-after-number-divide@1 reuse/before-and-after-number-power@1
# blocked: reuse/before-and-after-add-number-in-place@1
# blocked: reuse/before-and-after-subtract-number-in-place@1
# blocked: reuse/before-and-after-multiply-number-in-place@1
# blocked: reuse/before-and-after-divide-number-in-place@1
# blocked: reuse/before-and-after-power-number-in-place@1 reuse/before-and-after-exp@1
# blocked: reuse/before-and-after-log@1 reuse/before-and-after-tanh@1
# blocked: reuse/before-and-after-sigmoid@1 reuse/before-and-after-relu@1
# blocked: reuse/before-and-after-abs@1 reuse/before-and-after-sqrt@1 reuse/before-and-after-sin@1
# blocked: reuse/before-and-after-cos@1 reuse/again-both-sum@1 reuse/again-both-difference@1
# blocked: reuse/again-both-product@1 reuse/again-both-quotient@1 reuse/again-both-add-in-place@1
# blocked: reuse/again-both-subtract-in-place@1 reuse/again-both-multiply-in-place@1
# blocked: reuse/again-both-divide-in-place@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-difference@1 reuse/before-and-after-both-product@1
# blocked: reuse/before-and-after-both-quotient@1 reuse/before-and-after-both-add-in-place@1
# blocked: reuse/before-and-after-both-subtract-in-place@1
# blocked: reuse/before-and-after-both-multiply-in-place@1
# blocked: reuse/before-and-after-both-divide-in-place@1 equal-numbers/* order/* state/unused-result
# blocked: state/unused-result-made-last state/backward-above-the-middle
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/* random/graph-2
# blocked: random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/*
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/large-and-small

from math import cos, exp, log, sin, sqrt, tanh


class Var:
    """value: the number. links: pairs (operand, derivative by it)."""

    def __init__(self, value, links=()):
        self.value = value
        self.links = links
        self.grad = 0.0

    def __add__(self, o):
        o = var(o)
        return Var(self.value + o.value, [(self, 1.0), (o, 1.0)])

    def __sub__(self, o):
        o = var(o)
        return Var(self.value - o.value, [(self, 1.0), (o, -1.0)])

    def __mul__(self, o):
        o = var(o)
        return Var(self.value * o.value, [(self, o.value), (o, self.value)])

    def __truediv__(self, o):
        o = var(o)
        return Var(self.value / o.value, [(self, 1 / o.value), (o, -self.value / o.value**2)])

    def __pow__(self, n):
        if isinstance(n, Var):
            p = self.value**n.value
            return Var(p, [(self, n.value * self.value ** (n.value - 1)), (n, p * log(self.value))])
        return Var(self.value**n, [(self, n * self.value ** (n - 1) if n else 0.0)])

    def __radd__(self, o):
        return var(o) + self

    def __rsub__(self, o):
        return var(o) - self

    def __rmul__(self, o):
        return var(o) * self

    def __rtruediv__(self, o):
        return var(o) / self

    def __rpow__(self, o):
        return var(o) ** self

    def __neg__(self):
        return Var(-self.value, [(self, -1.0)])

    def __abs__(self):
        return Var(abs(self.value), [(self, 1.0 if self.value > 0 else -1.0)])

    def relu(self):
        return Var(max(self.value, 0.0), [(self, 1.0 if self.value > 0 else 0.0)])

    def tanh(self):
        t = tanh(self.value)
        return Var(t, [(self, 1 - t * t)])

    def exp(self):
        e = exp(self.value)
        return Var(e, [(self, e)])

    def log(self):
        return Var(log(self.value), [(self, 1 / self.value)])

    def sigmoid(self):
        s = 1 / (1 + exp(-self.value))
        return Var(s, [(self, s * (1 - s))])

    def sin(self):
        return Var(sin(self.value), [(self, cos(self.value))])

    def cos(self):
        return Var(cos(self.value), [(self, -sin(self.value))])

    def sqrt(self):
        r = sqrt(self.value)
        return Var(r, [(self, 1 / (2 * r))])

    def backward(self):
        order = sort(self)
        self.grad = 1.0
        for node in reversed(order[::-1]):
            for operand, slope in node.links:
                operand.grad += slope * node.grad


def sort(node, order=None, done=None):
    order = [] if order is None else order
    done = set() if done is None else done
    if node not in done:
        done.add(node)
        for operand, _ in node.links:
            sort(operand, order, done)
        order.append(node)
    return order


def var(x):
    return x if isinstance(x, Var) else Var(x)
