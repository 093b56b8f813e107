# misconception: 22
# title: A mutable default argument: all nodes share one gradient
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

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=(), buffer=[0.0]):
        self.data = data
        self.buffer = buffer
        self.children = children

    @property
    def grad(self):
        return self.buffer[0]

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = Value.wrap(other)
        a, b = self.data, other.data
        return Value(a / b, ((self, 1 / b), (other, -a / b**2)))

    def __pow__(self, n):
        if isinstance(n, Value):
            out = self.data**n.data
            by_base = n.data * self.data ** (n.data - 1)
            return Value(out, ((self, by_base), (n, out * log(self.data))))
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def __rpow__(self, base):
        out = base**self.data
        return Value(out, ((self, out * log(base)),))

    def tanh(self):
        t = tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def exp(self):
        e = exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def sigmoid(self):
        s = 0.5 + 0.5 * tanh(0.5 * self.data)
        return Value(s, ((self, s * (1 - s)),))

    def sin(self):
        return Value(sin(self.data), ((self, cos(self.data)),))

    def cos(self):
        return Value(cos(self.data), ((self, -sin(self.data)),))

    def sqrt(self):
        r = sqrt(self.data)
        return Value(r, ((self, 0.5 / r),))

    def __abs__(self):
        return Value(abs(self.data), ((self, 1.0 if self.data > 0 else -1.0),))

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

    def backward(self):
        self.buffer[0] = 1.0
        for node in self.order():
            for child, local in node.children:
                child.buffer[0] += local * node.grad
