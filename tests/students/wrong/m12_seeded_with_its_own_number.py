# misconception: 12
# title: The output's gradient begins with the output's number
# wrong_value: training/one-step training/network
# wrong_gradient: pass/output-alone@* pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# wrong_gradient: pass/right-of-a-product rules/definition
# blocked: worked-example/* pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-constant rules/unrelated-value rules/sum@*
# blocked: rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four rules/product@*
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-with-constant rules/product-of-three@1 rules/power@* rules/power-one@*
# blocked: rules/power-of-a-negative-number@* rules/power-again@2 rules/power-again@3
# blocked: rules/constant-times-power@* rules/tanh@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/* numbers/add-number@*
# blocked: numbers/number-add@* numbers/subtract-number@2 numbers/number-subtract@*
# blocked: numbers/multiply-number@* numbers/number-multiply@* numbers/divide-number@*
# blocked: numbers/number-divide@* numbers/number-power@* numbers/add-zero numbers/zero-add
# blocked: numbers/subtract-zero numbers/zero-subtract numbers/multiply-one numbers/one-multiply
# blocked: numbers/divide-one numbers/chain-add-number@1 numbers/chain-number-add@1
# blocked: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# blocked: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-divide-number@1 numbers/chain-number-divide@1 numbers/chain-number-power@1
# blocked: numbers/sum-from-zero numbers/whole-quotient numbers/whole-tanh
# blocked: numbers/whole-sum-of-products in-place/* functions/tanh@* functions/exp@2 functions/exp@3
# blocked: functions/log@* functions/relu@3 functions/sigmoid@* functions/sin@*
# blocked: functions/sin-at-zero functions/cos@1 functions/cos@2 functions/sqrt@* functions/abs@*
# blocked: functions/chain-exp@* functions/chain-log@* functions/chain-tanh@*
# blocked: functions/chain-sigmoid@* functions/chain-relu@* functions/chain-abs@*
# blocked: functions/chain-sqrt@* functions/chain-sin@* functions/chain-cos@* reuse/sum-twice@*
# blocked: reuse/product-twice@* reuse/sum-of-three reuse/product-of-three reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/two-powers reuse/again-opposite@1
# blocked: reuse/again-power@1 reuse/again-add-number@1 reuse/again-number-add@1
# blocked: reuse/again-subtract-number@1 reuse/again-number-subtract@1 reuse/again-multiply-number@1
# blocked: reuse/again-number-multiply@1 reuse/again-divide-number@1 reuse/again-number-divide@1
# blocked: reuse/again-number-power@1 reuse/again-add-number-in-place@1
# blocked: reuse/again-subtract-number-in-place@1 reuse/again-multiply-number-in-place@1
# blocked: reuse/again-divide-number-in-place@1 reuse/again-power-number-in-place@1
# blocked: reuse/again-exp@1 reuse/again-log@1 reuse/again-tanh@1 reuse/again-sigmoid@1
# blocked: reuse/again-relu@1 reuse/again-abs@1 reuse/again-sqrt@1 reuse/again-sin@1
# blocked: reuse/again-cos@1 reuse/before-and-after-opposite@1 reuse/before-and-after-power@1
# blocked: reuse/before-and-after-add-number@1 reuse/before-and-after-number-add@1
# blocked: reuse/before-and-after-subtract-number@1 reuse/before-and-after-number-subtract@1
# blocked: reuse/before-and-after-multiply-number@1 reuse/before-and-after-number-multiply@1
# blocked: reuse/before-and-after-divide-number@1 reuse/before-and-after-number-divide@1
# blocked: reuse/before-and-after-number-power@1 reuse/before-and-after-add-number-in-place@1
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
# blocked: state/unused-result-made-last state/backward-in-the-middle
# blocked: state/backward-above-the-middle state/second-graph-untouched state/first-graph-untouched
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/* random/*
# blocked: gradient-check/* training/line robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/sigmoid-far-out@3
# blocked: robustness/exp-large@* robustness/large-and-small

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
        self.grad = self.value
        for node in reversed(order):
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
