# misconception: 21
# title: ((x, w)) where ((x, w),) was meant, in the functions
# error: functions/tanh@* functions/tanh-at-zero functions/exp@* functions/log@*
# error: functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# error: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# error: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# error: functions/before-and-after-exp@* functions/before-and-after-log@*
# error: functions/before-and-after-tanh@* functions/twice-exp@1 functions/twice-log@1
# error: functions/twice-tanh@1 functions/result-again-exp@1 functions/result-again-log@1
# error: functions/result-again-tanh@1
# blocked: numbers/whole-tanh state/same-numbers-twice composite/neuron@1 composite/two-layers
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss composite/wave
# blocked: composite/gated-unit composite/decay composite/log-ratio composite/entropy
# blocked: composite/growth composite/sums-of-exp-and-tanh@1 composite/products-of-exp-and-tanh@*
# blocked: composite/sums-of-sqrt-and-log composite/products-of-sigmoid-and-log composite/soft-step
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/tanh
# blocked: gradient-check/exp gradient-check/log training/network robustness/deep-chain@*
# blocked: robustness/tanh-far-out@* robustness/exp-large@*

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
        return Value(t, ((self, 1 - t * t)))

    def exp(self):
        e = exp(self.data)
        return Value(e, ((self, e)))

    def log(self):
        return Value(log(self.data), ((self, 1 / self.data)))

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
        self.grad = 1.0
        for node in self.order():
            for child, local in node.children:
                child.grad += local * node.grad
