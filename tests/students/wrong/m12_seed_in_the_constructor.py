# misconception: 12
# title: Every gradient begins with 1
# wrong_gradient: rules/sum@* rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four
# wrong_gradient: rules/product@* rules/product-with-zero rules/product-with-zero-on-the-right
# wrong_gradient: rules/product-of-1-and-2 rules/product-with-constant rules/product-of-three@1
# wrong_gradient: power/power@* power/power-one@* power/power-of-one power/power-zero
# wrong_gradient: power/chain-of-powers@* operators/difference@* operators/quotient@*
# wrong_gradient: operators/opposite@* operators/quotient-twice numbers/number-power@*
# wrong_gradient: functions/tanh@* functions/tanh-at-zero functions/exp@* functions/log@*
# wrong_gradient: functions/relu@* functions/sigmoid@* functions/sin@* functions/sin-at-zero
# wrong_gradient: functions/cos@* functions/sqrt@* functions/abs@*
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
# blocked: numbers/whole-leaves numbers/whole-tanh numbers/whole-sum-of-products in-place/*
# blocked: functions/relu-switched-off@* functions/cos-at-zero functions/chain-exp@1
# blocked: functions/chain-log@1 functions/chain-tanh@1 functions/chain-sigmoid@1
# blocked: functions/chain-relu@1 functions/chain-abs@1 functions/chain-sqrt@1 functions/chain-sin@1
# blocked: functions/chain-cos@1 functions/chain-again-exp@1 functions/chain-again-log@1
# blocked: functions/chain-again-tanh@1 functions/chain-again-sigmoid@1 functions/chain-again-relu@1
# blocked: functions/chain-again-abs@1 functions/chain-again-sqrt@1 functions/chain-again-sin@1
# blocked: functions/chain-again-cos@1 functions/again-exp@* functions/again-log@*
# blocked: functions/again-tanh@* functions/again-sigmoid@* functions/again-relu@*
# blocked: functions/again-abs@* functions/again-sqrt@* functions/again-sin@* functions/again-cos@*
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
# blocked: functions/result-again-cos@1 reuse/* equal-numbers/* order/* state/* composite/* random/*
# blocked: gradient-check/* training/* robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/tanh-far-out@*
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@2 robustness/large-and-small

"""A scalar engine where every operation hands its result a list of (operand, function of the gradient)."""
import math


class Scalar:
    def __init__(self, val):
        self.val = val
        self.grad = 1
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
        for out in sorted(nodes, key=lambda node: -node.order):
            for node, send in out.sends:
                node.grad += send(out.grad)
