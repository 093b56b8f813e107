# misconception: 20
# title: The constructor sets self._backwards = self._backwards where the parameter was meant
# wrong_gradient: pass/left-of-a-sum pass/right-of-a-sum pass/left-of-a-product
# wrong_gradient: pass/right-of-a-product
# blocked: worked-example/* pass/sum-then-product pass/sum-then-product-on-the-right
# blocked: pass/product-then-sum pass/product-then-sum-on-the-right pass/three-sums
# blocked: pass/three-products pass/three-steps pass/three-steps-on-the-right pass/four-steps
# blocked: pass/four-steps-on-the-right pass/four-steps-both-ways pass/six-steps
# blocked: pass/six-steps-on-the-right pass/two-sides pass/two-sides-of-two-steps pass/four-products
# blocked: pass/longer-side-left pass/longer-side-right pass/one-step-and-four
# blocked: pass/four-steps-and-one rules/unrelated-value rules/unrelated-result rules/sum@*
# blocked: rules/sum-with-zero@* rules/sum-of-1-and-2 rules/sum-of-four rules/product@*
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-with-0-and-1@* rules/product-with-constant rules/product-of-three@1
# blocked: rules/product-beside-a-number@* rules/chain-of-sum rules/chain-of-products@*
# blocked: power/power@* power/power-twice@* power/power-one@* power/power-of-one
# blocked: power/power-at-zero power/power-of-a-negative-number@* power/power-again@*
# blocked: power/constant-times-power@* power/chain-of-power@* power/chain-of-powers@*
# blocked: power/two-powers power/again-power@1 power/before-and-after-power@1 power/twice-power
# blocked: power/result-again-power@1 operators/difference@* operators/difference-with-zero@*
# blocked: operators/quotient@* operators/quotient-of-zero operators/quotient-by-1@*
# blocked: operators/opposite@* operators/opposite-of-zero operators/chain-difference@1
# blocked: operators/chain-quotient@1 operators/chain-of-opposite@1 operators/difference-twice
# blocked: operators/again-opposite@1 operators/before-and-after-opposite@1
# blocked: operators/again-both-difference@1 operators/again-both-quotient@1
# blocked: operators/before-and-after-both-difference@1 operators/before-and-after-both-quotient@1
# blocked: operators/result-again-opposite@1 operators/twice-opposite@1 operators/pairs-difference@1
# blocked: operators/pairs-quotient@1 operators/equal-operands-difference@1
# blocked: operators/equal-operands-quotient@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/uneven-results-mirrored-quotient@1 operators/results-again-difference@1
# blocked: operators/results-again-quotient@1 numbers/* in-place/* functions/tanh@*
# blocked: functions/tanh-at-zero functions/exp@* functions/log@* functions/relu@*
# blocked: functions/relu-switched-off@* functions/sigmoid@* functions/sin@* functions/sin-at-zero
# blocked: functions/cos@1 functions/cos@2 functions/cos@4 functions/cos-at-zero functions/sqrt@*
# blocked: functions/abs@* functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
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
# blocked: functions/result-again-cos@1 reuse/* equal-numbers/* order/* state/* composite/* random/*
# blocked: gradient-check/* training/* robustness/deep-chain@* robustness/stacked-diamonds@*
# blocked: robustness/wide-sum@* robustness/deep-products robustness/exp-large@*
# blocked: robustness/large-and-small

import math


def nothing(grad):
    pass


class Value:
    _backwards = staticmethod(nothing)

    def __init__(self, data, children=None, backwards=nothing):
        self.data = data
        self.grad = 0.0
        self.children = children if children is not None else []
        self._backwards = self._backwards

    def __add__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad += grad

        return Value(self.data + other.data, [self, other], push)

    def __sub__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad -= grad

        return Value(self.data - other.data, [self, other], push)

    def __mul__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += other.data * grad
            other.grad += self.data * grad

        return Value(self.data * other.data, [self, other], push)

    def __truediv__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad / other.data
            other.grad -= grad * self.data / other.data**2

        return Value(self.data / other.data, [self, other], push)

    def __pow__(self, power):
        def push(grad):
            self.grad += power * self.data ** (power - 1) * grad

        return Value(self.data**power, [self], push)

    def __neg__(self):
        def push(grad):
            self.grad -= grad

        return Value(-self.data, [self], push)

    def __radd__(self, other):
        return to_value(other) + self

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __rpow__(self, base):
        result = base**self.data

        def push(grad):
            self.grad += result * math.log(base) * grad

        return Value(result, [self], push)

    def __abs__(self):
        return relu(self) + relu(-self)

    def backward(self):
        self.grad = 1.0
        for node in sorted_from(self):
            node._backwards(node.grad)


def to_value(x):
    return x if isinstance(x, Value) else Value(x)


def sorted_from(root):
    """Nodes, each before all that it was made of: counts how many still wait for it."""
    uses, found = {root: 0}, [root]
    for node in found:
        for child in node.children:
            if child not in uses:
                uses[child] = 0
                found.append(child)
            uses[child] += 1
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in node.children:
            uses[child] -= 1
            if uses[child] == 0:
                ready.append(child)
    return order


def tanh(x):
    t = math.tanh(x.data)

    def push(grad):
        x.grad += (1 - t * t) * grad

    return Value(t, [x], push)


def exp(x):
    e = math.exp(x.data)

    def push(grad):
        x.grad += e * grad

    return Value(e, [x], push)


def log(x):
    def push(grad):
        x.grad += grad / x.data

    return Value(math.log(x.data), [x], push)


def relu(x):
    def push(grad):
        if x.data > 0:
            x.grad += grad

    return Value(x.data if x.data > 0 else 0, [x], push)


def sigmoid(x):
    s = (1 + math.tanh(x.data / 2)) / 2

    def push(grad):
        x.grad += s * (1 - s) * grad

    return Value(s, [x], push)


def sin(x):
    def push(grad):
        x.grad += math.cos(x.data) * grad

    return Value(math.sin(x.data), [x], push)


def cos(x):
    def push(grad):
        x.grad -= math.sin(x.data) * grad

    return Value(math.cos(x.data), [x], push)


def sqrt(x):
    return x**0.5
