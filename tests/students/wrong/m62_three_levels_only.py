# misconception: 62
# title: backward looks three levels deep
# wrong_gradient: pass/four-steps pass/four-steps-on-the-right pass/four-steps-both-ways
# wrong_gradient: pass/six-steps pass/six-steps-on-the-right pass/longer-side-left
# wrong_gradient: pass/longer-side-right pass/one-step-and-four pass/four-steps-and-one
# error: robustness/sigmoid-far-out@3
# blocked: rules/product-with-0-and-1@* power/power-twice@* power/power-of-a-negative-number@*
# blocked: power/again-power@1 power/result-again-power@1 operators/quotient-by-1@*
# blocked: operators/chain-difference@1 operators/chain-quotient@1 operators/chain-of-opposite@1
# blocked: operators/again-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/before-and-after-add-number@1
# blocked: numbers/before-and-after-number-add@1 numbers/before-and-after-subtract-number@1
# blocked: numbers/before-and-after-number-subtract@1 numbers/before-and-after-multiply-number@1
# blocked: numbers/before-and-after-number-multiply@1 numbers/before-and-after-divide-number@1
# blocked: numbers/before-and-after-number-divide@1 numbers/before-and-after-number-power@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 in-place/zero-and-one-multiply-in-place@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/one-and-zero-multiply-in-place@1
# blocked: in-place/chain-add-in-place@1 in-place/chain-subtract-in-place@1
# blocked: in-place/chain-multiply-in-place@1 in-place/chain-divide-in-place@1
# blocked: in-place/chain-with-add-number-in-place@1 in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-add-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-multiply-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/chain-again-exp@1
# blocked: functions/chain-again-log@1 functions/chain-again-tanh@1 functions/chain-again-sigmoid@1
# blocked: functions/chain-again-relu@1 functions/chain-again-abs@1 functions/chain-again-sqrt@1
# blocked: functions/chain-again-sin@1 functions/chain-again-cos@1 functions/again-exp@*
# blocked: functions/again-log@* functions/again-tanh@* functions/again-sigmoid@*
# blocked: functions/again-abs@* functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/result-again-exp@1 functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 reuse/fan-out reuse/again-both-sum@1
# blocked: reuse/again-both-product@1 reuse/before-and-after-both-sum@1
# blocked: reuse/before-and-after-both-product@1 order/* composite/neuron@1 composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/horner composite/rational
# blocked: composite/repeated-squaring composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/long-chain composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@1
# blocked: composite/products-of-sigmoid-and-relu composite/reciprocals composite/odds
# blocked: composite/potential composite/harmonic composite/sums-of-exp-and-relu@1
# blocked: composite/products-of-relu-and-exp random/graph-4 random/graph-6 random/graph-7
# blocked: random/graph-8 random/graph-9 random/graph-10 random/graph-11 random/graph-12
# blocked: gradient-check/difference gradient-check/powers gradient-check/numbers
# blocked: gradient-check/tanh gradient-check/exp gradient-check/log gradient-check/relu
# blocked: gradient-check/sigmoid gradient-check/waves training/line training/network
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
