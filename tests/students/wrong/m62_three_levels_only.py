# misconception: 62
# title: backward looks three levels deep
# wrong_value: training/line training/network
# wrong_gradient: pass/four-steps pass/four-steps-on-the-right pass/four-steps-both-ways
# wrong_gradient: pass/six-steps pass/six-steps-on-the-right pass/longer-side-left
# wrong_gradient: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# error: robustness/sigmoid-far-out@3
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: numbers/chain-add-number@1 numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 in-place/chain-add-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/chain-multiply-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/numbers-in-place in-place/chain-in-place functions/chain-exp@*
# blocked: functions/chain-log@* functions/chain-tanh@* functions/chain-sigmoid@*
# blocked: functions/chain-relu@2 functions/chain-abs@* functions/chain-sqrt@* functions/chain-sin@*
# blocked: functions/chain-cos@* reuse/fan-out reuse/again-both-sum@1 reuse/again-both-difference@1
# blocked: reuse/again-both-product@1 reuse/again-both-quotient@1 reuse/again-both-add-in-place@1
# blocked: reuse/again-both-subtract-in-place@1 reuse/again-both-multiply-in-place@1
# blocked: reuse/again-both-divide-in-place@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-difference@1 reuse/before-and-after-both-product@1
# blocked: reuse/before-and-after-both-quotient@1 reuse/before-and-after-both-add-in-place@1
# blocked: reuse/before-and-after-both-subtract-in-place@1
# blocked: reuse/before-and-after-both-multiply-in-place@1
# blocked: reuse/before-and-after-both-divide-in-place@1 equal-numbers/three-results order/*
# blocked: composite/neuron@1 composite/two-layers composite/relu-layers composite/polynomial
# blocked: composite/horner composite/repeated-squaring composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/interference composite/long-chain random/graph-5 random/graph-6 random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/powers gradient-check/numbers gradient-check/tanh gradient-check/exp
# blocked: gradient-check/log gradient-check/relu gradient-check/sigmoid gradient-check/waves
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products

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
        self.grad = 1.0
        level = [self]
        for _ in range(3):
            below = []
            for node in level:
                for operand, slope in node.links:
                    operand.grad += slope * node.grad
                    if operand not in below:
                        below.append(operand)
            level = below


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
