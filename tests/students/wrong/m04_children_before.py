# misconception: 4
# title: Depth first, every child's own turn before its parent's
# wrong_gradient: functions/chain-abs@1 order/with-itself-sum@1 order/with-itself-product@1
# wrong_gradient: order/with-itself-and-long-arm-sum@1 order/with-itself-and-long-arm-product@1
# wrong_gradient: order/with-itself-and-long-arm-mirrored-sum@1
# wrong_gradient: order/with-itself-and-long-arm-mirrored-product@1 order/equal-arms-sum@1
# wrong_gradient: order/equal-arms-product@1 order/equal-arms-mirrored-sum@1
# wrong_gradient: order/equal-arms-mirrored-product@1 order/short-arm-sum@1
# wrong_gradient: order/short-arm-product@1 order/long-arm-sum@1 order/long-arm-product@1
# wrong_gradient: order/two-steps-and-four-sum@1 order/two-steps-and-four-product@1
# wrong_gradient: order/two-steps-and-four-mirrored-sum@1
# wrong_gradient: order/two-steps-and-four-mirrored-product@1 order/stacked-diamonds-sum@1
# wrong_gradient: order/stacked-diamonds-product@1 order/stacked-unequal-diamonds-sum@1
# wrong_gradient: order/stacked-unequal-diamonds-product@1 order/butterfly-sum@1
# wrong_gradient: order/butterfly-product@1 order/two-shared-results-sum@1
# wrong_gradient: order/two-shared-results-product@1 order/ladder-sum@1 order/ladder-product@1
# wrong_gradient: order/loop
# blocked: power/result-again-power@1 operators/result-again-opposite@1
# blocked: operators/uneven-results-difference@1 operators/uneven-results-quotient@1
# blocked: operators/results-again-difference@1 operators/results-again-quotient@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 in-place/uneven-results-add-in-place@1
# blocked: in-place/uneven-results-subtract-in-place@1 in-place/uneven-results-multiply-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/add-after-use
# blocked: in-place/multiply-after-use functions/result-again-exp@1 functions/result-again-log@1
# blocked: functions/result-again-tanh@1 functions/result-again-sigmoid@1
# blocked: functions/result-again-relu@1 functions/result-again-abs@1 functions/result-again-sqrt@1
# blocked: functions/result-again-sin@1 functions/result-again-cos@1 composite/relu-layers
# blocked: composite/softmax composite/logistic-loss composite/wave composite/swish
# blocked: composite/gated-unit composite/hinge composite/residual composite/ripple composite/decay
# blocked: composite/log-ratio composite/smooth-distance composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/soft-step composite/reciprocals
# blocked: composite/odds composite/potential composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-11 random/graph-12

import math


def nothing(grad):
    pass


class Value:
    def __init__(self, data, children=None, backwards=nothing):
        self.data = data
        self.grad = 0.0
        self.children = children if children is not None else []
        self._backwards = backwards

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
    """Depth first from the root."""
    order = {}

    def visit(node):
        if node not in order:
            order[node] = True
            for child in node.children:
                visit(child)

    visit(root)
    return list(order)


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
