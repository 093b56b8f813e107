# misconception: 12
# title: Every gradient begins with 1
# wrong_value: training/*
# wrong_gradient: rules/unrelated-constant rules/sum@* rules/sum-with-zero@* rules/sum-of-1-and-2
# wrong_gradient: rules/sum-of-four rules/product@* rules/product-with-zero
# wrong_gradient: rules/product-with-zero-on-the-right rules/product-of-1-and-2
# wrong_gradient: rules/product-with-constant rules/product-of-three@1 rules/power@*
# wrong_gradient: rules/power-one@* rules/power-of-one rules/power-at-zero rules/power-zero
# wrong_gradient: rules/power-of-a-negative-number@* rules/tanh@* rules/tanh-at-zero
# wrong_gradient: rules/chain-of-powers@* rules/tanh-of-tanh operators/difference@*
# wrong_gradient: operators/difference-with-zero@* operators/quotient@* operators/quotient-of-zero
# wrong_gradient: operators/opposite@* operators/opposite-of-zero numbers/number-power@*
# wrong_gradient: numbers/one-power functions/tanh@* functions/exp@* functions/log@*
# wrong_gradient: functions/relu@* functions/sigmoid@* functions/sin@* functions/sin-at-zero
# wrong_gradient: functions/cos@* functions/sqrt@* functions/abs@*
# blocked: worked-example/* pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# blocked: pass/right-of-a-product pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/power-again@*
# blocked: rules/constant-times-power@* rules/chain-of-sum rules/chain-of-products@*
# blocked: rules/chain-of-power@* rules/chain-of-tanh@* operators/chain-difference@1
# blocked: operators/chain-quotient@1 operators/chain-of-opposite@1 numbers/add-number@*
# blocked: numbers/number-add@* numbers/subtract-number@* numbers/number-subtract@*
# blocked: numbers/multiply-number@* numbers/number-multiply@* numbers/divide-number@*
# blocked: numbers/number-divide@* numbers/add-zero numbers/zero-add numbers/subtract-zero
# blocked: numbers/zero-subtract numbers/multiply-zero numbers/zero-multiply numbers/zero-divide
# blocked: numbers/multiply-one numbers/one-multiply numbers/divide-one numbers/chain-add-number@1
# blocked: numbers/chain-number-add@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-multiply-number@1
# blocked: numbers/chain-number-multiply@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/chain-number-power@1 numbers/sum-from-zero
# blocked: numbers/whole-quotient numbers/whole-tanh numbers/whole-sum-of-products in-place/*
# blocked: functions/chain-exp@* functions/chain-log@* functions/chain-tanh@*
# blocked: functions/chain-sigmoid@* functions/chain-relu@* functions/chain-abs@*
# blocked: functions/chain-sqrt@* functions/chain-sin@* functions/chain-cos@* reuse/*
# blocked: equal-numbers/* order/* state/* composite/* random/* gradient-check/*
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/tanh-far-out@* robustness/sigmoid-far-out@*
# blocked: robustness/exp-large@2 robustness/large-and-small

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
