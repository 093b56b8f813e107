# misconception: 4
# title: Nodes are sorted by order, the leaves first
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
