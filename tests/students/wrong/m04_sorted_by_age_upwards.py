# misconception: 4
# title: Nodes are sorted by order, the leaves first
# wrong_gradient: pass/sum-then-product pass/sum-then-product-on-the-right pass/product-then-sum
# wrong_gradient: pass/product-then-sum-on-the-right pass/three-sums pass/three-products
# wrong_gradient: pass/three-steps pass/three-steps-on-the-right pass/four-steps
# wrong_gradient: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# wrong_gradient: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps
# wrong_gradient: pass/four-products pass/longer-side-left pass/longer-side-right
# wrong_gradient: pass/one-step-and-four pass/four-steps-and-one rules/chain-of-sum
# wrong_gradient: rules/chain-of-products@*
# error: robustness/sigmoid-far-out@3
# blocked: worked-example/* rules/sum-of-four rules/product-with-0-and-1@* rules/product-of-three@1
# blocked: rules/product-beside-a-number@* power/power-twice@* power/power-at-zero
# blocked: power/power-of-a-negative-number@* power/power-again@* power/constant-times-power@*
# blocked: power/chain-of-power@* power/chain-of-powers@* power/two-powers power/again-power@1
# blocked: power/before-and-after-power@1 power/twice-power power/result-again-power@1
# blocked: operators/difference-with-zero@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite-of-zero operators/chain-difference@1 operators/chain-quotient@1
# blocked: operators/chain-of-opposite@1 operators/again-opposite@1
# blocked: operators/before-and-after-opposite@1 operators/again-both-difference@1
# blocked: operators/again-both-quotient@1 operators/before-and-after-both-difference@1
# blocked: operators/before-and-after-both-quotient@1 operators/result-again-opposite@1
# blocked: operators/twice-opposite@1 operators/pairs-difference@1 operators/pairs-quotient@1
# blocked: operators/equal-operands-difference@1 operators/equal-operands-quotient@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/zero-add-number@1 numbers/zero-number-add@1
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-multiply-number@1 numbers/zero-number-multiply@1
# blocked: numbers/zero-number-divide@1 numbers/one-add-number@1 numbers/one-number-add@1
# blocked: numbers/one-subtract-number@1 numbers/one-number-subtract@1 numbers/one-multiply-number@1
# blocked: numbers/one-number-multiply@1 numbers/one-divide-number@1 numbers/one-number-divide@1
# blocked: numbers/one-number-power@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# blocked: numbers/chain-subtract-number@1 numbers/chain-number-subtract@1
# blocked: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# blocked: numbers/chain-divide-number@1 numbers/chain-number-divide@1 numbers/chain-number-power@1
# blocked: numbers/twice-add-number numbers/twice-number-add numbers/twice-subtract-number
# blocked: numbers/twice-number-subtract numbers/twice-multiply-number numbers/twice-number-multiply
# blocked: numbers/twice-divide-number numbers/twice-number-divide numbers/twice-number-power
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
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products
# blocked: in-place/zero-add-number-in-place@1 in-place/zero-subtract-number-in-place@1
# blocked: in-place/zero-multiply-number-in-place@1 in-place/zero-power-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@2 in-place/powers@3
# blocked: in-place/powers@4 in-place/zero-and-one-multiply-in-place@*
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
# blocked: in-place/itself-multiply-in-place@1 in-place/itself-divide-in-place@1
# blocked: in-place/again-add-number-in-place@1 in-place/again-subtract-number-in-place@1
# blocked: in-place/again-multiply-number-in-place@1 in-place/again-divide-number-in-place@1
# blocked: in-place/again-power-number-in-place@1 in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-add-in-place@1
# blocked: in-place/again-both-subtract-in-place@1 in-place/again-both-multiply-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-add-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-multiply-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 functions/chain-exp@1
# blocked: functions/chain-log@1 functions/chain-tanh@1 functions/chain-sigmoid@1
# blocked: functions/chain-abs@1 functions/chain-sqrt@1 functions/chain-sin@1 functions/chain-cos@1
# blocked: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# blocked: functions/chain-again-sigmoid@1 functions/chain-again-relu@1 functions/chain-again-abs@1
# blocked: functions/chain-again-sqrt@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# blocked: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# blocked: functions/again-sigmoid@* functions/again-relu@* functions/again-abs@*
# blocked: functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
# blocked: functions/before-and-after-exp@* functions/before-and-after-log@*
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
# blocked: reuse/before-and-after-both-product@1 equal-numbers/* order/* state/unused-result
# blocked: state/unused-result-made-last state/backward-above-the-middle
# blocked: state/one-graph-after-the-other state/both-made-first state/same-numbers-twice
# blocked: state/forward-after-backward state/numbers-not-remembered composite/* random/*
# blocked: gradient-check/* training/* robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/large-and-small

"""A scalar engine where every operation hands its result a list of (operand, function of the gradient)."""
import math


class Scalar:
    def __init__(self, val):
        self.val = val
        self.grad = 0
        self.sends = []
        self.order = 0

    @staticmethod
    def of(x):
        return x if isinstance(x, Scalar) else Scalar(x)

    def result(self, val, *sends):
        out = Scalar(val)
        out.sends = list(sends)
        out.order = 1 + max([node.order for node, _ in sends], default=0)
        return out

    def __add__(self, other):
        other = Scalar.of(other)
        return self.result(self.val + other.val, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        other = Scalar.of(other)
        return self.result(self.val - other.val, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a * b, (self, lambda g: b * g), (other, lambda g: a * g))

    def __truediv__(self, other):
        other = Scalar.of(other)
        a, b = self.val, other.val
        return self.result(a / b, (self, lambda g: g / b), (other, lambda g: -a * g / b**2))

    def __pow__(self, n):
        a = self.val
        if isinstance(n, Scalar):
            p = a**n.val
            return self.result(
                p, (self, lambda g: n.val * a ** (n.val - 1) * g), (n, lambda g: p * math.log(a) * g)
            )
        return self.result(a**n, (self, lambda g: n * a ** (n - 1) * g if n else 0))

    def __radd__(self, other):
        return Scalar.of(other) + self

    def __rsub__(self, other):
        return Scalar.of(other) - self

    def __rmul__(self, other):
        return Scalar.of(other) * self

    def __rtruediv__(self, other):
        return Scalar.of(other) / self

    def __rpow__(self, other):
        return Scalar.of(other) ** self

    def __neg__(self):
        return self.result(-self.val, (self, lambda g: -g))

    def __abs__(self):
        return self.result(abs(self.val), (self, lambda g: g if self.val > 0 else -g))

    def relu(self):
        return self.result(max(0, self.val), (self, lambda g: g if self.val > 0 else 0))

    def tanh(self):
        t = math.tanh(self.val)
        return self.result(t, (self, lambda g: g * (1 - t * t)))

    def exp(self):
        e = math.exp(self.val)
        return self.result(e, (self, lambda g: g * e))

    def log(self):
        return self.result(math.log(self.val), (self, lambda g: g / self.val))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.val))
        return self.result(s, (self, lambda g: g * s * (1 - s)))

    def sin(self):
        return self.result(math.sin(self.val), (self, lambda g: g * math.cos(self.val)))

    def cos(self):
        return self.result(math.cos(self.val), (self, lambda g: -g * math.sin(self.val)))

    def sqrt(self):
        r = math.sqrt(self.val)
        return self.result(r, (self, lambda g: g / (2 * r)))

    def backward(self):
        nodes, todo = {self}, [self]
        while todo:
            for node, _ in todo.pop().sends:
                if node not in nodes:
                    nodes.add(node)
                    todo.append(node)
        self.grad = 1
        for out in sorted(nodes, key=lambda node: node.order):
            for node, send in out.sends:
                node.grad += send(out.grad)
