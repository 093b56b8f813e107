# misconception: 4, 25
# title: Depth first without waiting, and a difference that is a sum
# wrong_gradient: operators/difference@* operators/difference-with-zero@*
# wrong_gradient: operators/chain-difference@1 operators/difference-twice
# wrong_gradient: operators/again-both-difference@1 operators/pairs-difference@1
# wrong_gradient: operators/equal-operands-difference@1 order/with-itself-sum@1
# wrong_gradient: order/with-itself-product@1 order/with-itself-and-long-arm-sum@1
# wrong_gradient: order/with-itself-and-long-arm-product@1
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
# blocked: power/result-again-power@1 operators/before-and-after-both-difference@1
# blocked: operators/result-again-opposite@1 operators/uneven-results-difference@1
# blocked: operators/uneven-results-quotient@1 operators/uneven-results-mirrored-difference@1
# blocked: operators/results-again-difference@1 operators/results-again-quotient@1
# blocked: numbers/number-subtract@* numbers/zero-number-subtract@1 numbers/one-number-subtract@1
# blocked: numbers/chain-number-subtract@1 numbers/twice-number-subtract
# blocked: numbers/again-number-subtract@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/result-again-number-power@1 in-place/alone-subtract-in-place@1
# blocked: in-place/chain-subtract-in-place@1 in-place/equal-operands-subtract-in-place@1
# blocked: in-place/uneven-results-add-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-multiply-in-place@1 in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/chain-in-place
# blocked: in-place/add-after-use in-place/multiply-after-use in-place/itself-subtract-in-place@1
# blocked: in-place/again-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-subtract-in-place@1 functions/result-again-exp@1
# blocked: functions/result-again-log@1 functions/result-again-tanh@1
# blocked: functions/result-again-sigmoid@1 functions/result-again-relu@1
# blocked: functions/result-again-abs@1 functions/result-again-sqrt@1 functions/result-again-sin@1
# blocked: functions/result-again-cos@1 composite/two-layers composite/relu-layers
# blocked: composite/rational composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/distance composite/wave composite/swish
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
# blocked: random/graph-9 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/powers training/one-step

from math import cos, exp, log, sin, sqrt, tanh


class Value:
    """A number with the local derivative by each of its children."""

    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0
        self.children = children

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, ((self, 1.0), (other, 1.0)))

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
        found, stack = {}, [self]
        while stack:
            node = stack.pop()
            if node not in found:
                found[node] = len(found)
                stack.extend(child for child, _ in reversed(node.children))
        return list(found)

    def backward(self):
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
