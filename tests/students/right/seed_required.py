# style: backward(1.0): the gradient of the output must be handed in; nodes count their uses
# design: number, inputs appended, expected and total / mail: pairs on a stack, counts kept in nodes
#   / total kept apart, added to grad with the last part
"""Call it as loss.backward(1.0), or with any other upstream gradient.

No sorting: a node first counts how many gradients it is going to get, and when the last one has come, it
passes the total on."""

import math


class Var(object):

    def __init__(self, val):
        self.val = val
        self.grad = 0.
        self.inputs = []        # [(Var, partial derivative)]
        self._expected = 0
        self._total = 0.

    def _derive(self, val, *inputs):
        v = Var(val)
        v.inputs.extend(inputs)
        return v

    def backward(self, gradient):
        # count, each node once
        self._expected = 1
        stack, counted = [self], set([self])
        while stack:
            for v, _ in stack.pop().inputs:
                if v not in counted:
                    counted.add(v)
                    v._expected = 0
                    stack.append(v)
                v._expected += 1
        # send
        mail = [(self, gradient)]
        while mail:
            v, g = mail.pop()
            v._total += g
            v._expected -= 1
            if v._expected == 0:
                total, v._total = v._total, 0.
                v.grad += total
                for u, partial in v.inputs:
                    mail.append((u, partial * total))

    # arithmetic

    def __add__(self, other):
        if not isinstance(other, Var):
            return self._derive(self.val + other, (self, 1.))
        return self._derive(self.val + other.val, (self, 1.), (other, 1.))

    def __sub__(self, other):
        if not isinstance(other, Var):
            return self._derive(self.val - other, (self, 1.))
        return self._derive(self.val - other.val, (self, 1.), (other, -1.))

    def __mul__(self, other):
        if not isinstance(other, Var):
            return self._derive(self.val * other, (self, other))
        return self._derive(self.val * other.val, (self, other.val), (other, self.val))

    def __truediv__(self, other):
        if not isinstance(other, Var):
            return self._derive(self.val / other, (self, 1. / other))
        return self._derive(self.val / other.val,
                            (self, 1. / other.val),
                            (other, -self.val / (other.val * other.val)))

    __div__ = __truediv__       # old habits

    def __pow__(self, p):
        if isinstance(p, Var):
            y = self.val ** p.val
            return self._derive(y, (self, p.val * self.val ** (p.val - 1)),
                                (p, y * math.log(self.val)))
        if p == 0:
            return self._derive(1., (self, 0.))
        if p == 1:
            return self._derive(self.val, (self, 1.))
        return self._derive(self.val ** p, (self, p * self.val ** (p - 1)))

    def __neg__(self):
        return self._derive(-self.val, (self, -1.))

    def __radd__(self, c):
        return self._derive(c + self.val, (self, 1.))

    def __rsub__(self, c):
        return self._derive(c - self.val, (self, -1.))

    def __rmul__(self, c):
        return self._derive(c * self.val, (self, c))

    def __rtruediv__(self, c):
        return self._derive(c / self.val, (self, -c / (self.val * self.val)))

    def __rpow__(self, c):
        y = c ** self.val
        return self._derive(y, (self, y * math.log(c)))

    def __abs__(self):
        return self._derive(abs(self.val), (self, math.copysign(1., self.val)))

    # functions

    def exp(self):
        y = math.exp(self.val)
        return self._derive(y, (self, y))

    def log(self):
        return self._derive(math.log(self.val), (self, 1. / self.val))

    def tanh(self):
        y = math.tanh(self.val)
        return self._derive(y, (self, 1. - y * y))

    def sigmoid(self):
        y = 1. / (1. + math.exp(-self.val))
        return self._derive(y, (self, y - y * y))

    def relu(self):
        if self.val > 0:
            return self._derive(self.val, (self, 1.))
        return self._derive(0., (self, 0.))

    def sin(self):
        return self._derive(math.sin(self.val), (self, math.cos(self.val)))

    def cos(self):
        return self._derive(math.cos(self.val), (self, -math.sin(self.val)))

    def sqrt(self):
        y = math.sqrt(self.val)
        return self._derive(y, (self, 1. / (2. * y)))
