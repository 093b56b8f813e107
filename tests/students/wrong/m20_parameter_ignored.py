# misconception: 20
# title: The constructor sets self._backwards = self._backwards where the parameter was meant
# wrong_gradient: rules/sum@* rules/sum-of-1-and-2 rules/product@* rules/product-with-constant
# wrong_gradient: rules/power@* rules/tanh@* operators/difference@* operators/quotient@*
# wrong_gradient: operators/opposite@* operators/number-power@* functions/exp@* functions/log@*
# wrong_gradient: functions/relu@1 functions/relu@4 functions/relu@5 functions/sigmoid@*
# wrong_gradient: functions/sin@* functions/cos@1 functions/cos@2 functions/sqrt@* functions/abs@*
# blocked: worked-example/* rules/unrelated-value rules/sum-with-zero@* rules/sum-of-four
# blocked: rules/product-with-zero rules/product-with-zero-on-the-right rules/product-of-1-and-2
# blocked: rules/product-of-three@* rules/power-one@* rules/power-of-one
# blocked: rules/constant-times-power@* rules/tanh-at-zero rules/chain-of-sum
# blocked: rules/chain-of-products@* rules/chain-of-power@* rules/chain-of-powers@*
# blocked: rules/chain-of-tanh@* rules/tanh-of-tanh operators/difference-with-zero@*
# blocked: operators/quotient-of-zero operators/opposite-of-zero operators/chain-of-difference
# blocked: operators/chain-of-quotient operators/chain-of-opposite operators/add-number@*
# blocked: operators/number-add@* operators/subtract-number@* operators/number-subtract@*
# blocked: operators/multiply-number@* operators/number-multiply@* operators/divide-number@*
# blocked: operators/number-divide@* operators/add-zero operators/zero-add operators/subtract-zero
# blocked: operators/zero-subtract operators/multiply-one operators/one-multiply
# blocked: operators/divide-one operators/chain-of-add-number operators/chain-of-number-add
# blocked: operators/chain-of-subtract-number operators/chain-of-number-subtract
# blocked: operators/chain-of-multiply-number operators/chain-of-number-multiply
# blocked: operators/chain-of-divide-number operators/chain-of-number-divide
# blocked: operators/chain-of-number-power operators/sum-from-zero operators/add-in-place
# blocked: operators/subtract-in-place operators/multiply-in-place operators/divide-in-place
# blocked: operators/power-in-place operators/cube-in-place operators/numbers-in-place
# blocked: operators/chain-in-place operators/in-place-and-again operators/in-place-after-use
# blocked: functions/tanh@* functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@1 functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/sum-twice@*
# blocked: reuse/product-twice@* reuse/sum-of-three reuse/product-of-three reuse/two-products
# blocked: reuse/three-products reuse/two-sums reuse/fan-out reuse/sum-then-product
# blocked: reuse/product-then-sum reuse/difference-then-product reuse/quotient-then-product
# blocked: reuse/opposite-then-product reuse/power-then-product reuse/two-powers reuse/tanh-reused
# blocked: reuse/exp-reused reuse/log-reused reuse/relu-reused reuse/sigmoid-reused reuse/sin-reused
# blocked: reuse/cos-reused reuse/sqrt-reused reuse/abs-reused reuse/same-function-twice
# blocked: reuse/equal-leaves-product reuse/equal-leaves-function reuse/equal-leaves-difference
# blocked: reuse/equal-leaves-quotient reuse/equal-leaves-sum reuse/equal-results-product
# blocked: reuse/equal-results-apart reuse/equal-leaf-and-result reuse/equal-along-a-chain
# blocked: order/chain order/equal-arms order/product-of-itself order/short-arm-left
# blocked: order/short-arm-right order/long-arm-left order/long-arm-right order/one-step-and-two
# blocked: order/two-steps-and-one order/stacked-diamonds order/stacked-unequal-diamonds
# blocked: order/stacked-unequal-diamonds-mirrored order/butterfly order/three-depths
# blocked: order/three-depths-mirrored order/two-shared-nodes order/ladder order/loop-of-sums
# blocked: order/loop-with-tanh order/tanh-of-a-result order/exp-of-a-result order/log-of-a-result
# blocked: order/relu-of-a-result order/sigmoid-of-a-result order/sin-of-a-result
# blocked: order/cos-of-a-result order/sqrt-of-a-result order/quotient-of-a-result
# blocked: order/power-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: order/long-chain state/* composite/* random/graph-1 random/graph-3 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/* training/*
# blocked: robustness/deep-chain@* robustness/stacked-diamonds@* robustness/wide-sum@*
# blocked: robustness/deep-products robustness/exp-large@* robustness/large-and-small

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
