# style: gradients are asked of each leaf, x.grad(), after the caller has set L.grad_value = 1.0
# design: number alone, list of users / recursion from a leaf upwards, result kept / sum over users,
#   kept
"""Reverse mode where you ask the inputs. A Var remembers who used it and with which weight; its
derivative is the weighted sum of the derivatives of its users. Set the output's first:

    z = x * y + x.sin()
    z.grad_value = 1.0
    print(x.grad(), y.grad())

(One output per graph: the answers are cached in grad_value.)
"""
import math


class Var:
    def __init__(self, value):
        self.value = value
        self.users = []
        self.grad_value = None

    def grad(self):
        if self.grad_value is None:
            self.grad_value = sum(weight * user.grad() for weight, user in self.users)
        return self.grad_value

    def used_in(self, weight, user):
        self.users.append((weight, user))

    def __add__(self, other):
        other = var(other)
        z = Var(self.value + other.value)
        self.used_in(1.0, z)
        other.used_in(1.0, z)
        return z

    def __mul__(self, other):
        other = var(other)
        z = Var(self.value * other.value)
        self.used_in(other.value, z)
        other.used_in(self.value, z)
        return z

    def __sub__(self, other):
        other = var(other)
        z = Var(self.value - other.value)
        self.used_in(1.0, z)
        other.used_in(-1.0, z)
        return z

    def __truediv__(self, other):
        other = var(other)
        z = Var(self.value / other.value)
        self.used_in(1 / other.value, z)
        other.used_in(-z.value / other.value, z)
        return z

    def __pow__(self, n):
        if isinstance(n, Var):
            return (n * self.log()).exp()
        z = Var(self.value ** n)
        self.used_in(n * self.value ** (n - 1) if n else 0.0, z)
        return z

    def __neg__(self):
        z = Var(-self.value)
        self.used_in(-1.0, z)
        return z

    def __radd__(self, other):
        return var(other) + self

    def __rmul__(self, other):
        return var(other) * self

    def __rsub__(self, other):
        return var(other) - self

    def __rtruediv__(self, other):
        return var(other) / self

    def __rpow__(self, other):
        return var(other) ** self

    def __abs__(self):
        z = Var(abs(self.value))
        self.used_in(1.0 if self.value >= 0 else -1.0, z)
        return z

    def f(self, value, weight):
        z = Var(value)
        self.used_in(weight, z)
        return z

    def sin(self):
        return self.f(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self.f(math.cos(self.value), -math.sin(self.value))

    def exp(self):
        return self.f(math.exp(self.value), math.exp(self.value))

    def log(self):
        return self.f(math.log(self.value), 1 / self.value)

    def tanh(self):
        return self.f(math.tanh(self.value), 1 - math.tanh(self.value) ** 2)

    def relu(self):
        return self.f(max(self.value, 0), 1.0 if self.value > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.value))
        return self.f(s, s * (1 - s))

    def sqrt(self):
        return self.f(math.sqrt(self.value), 0.5 / math.sqrt(self.value))


def var(x):
    return x if isinstance(x, Var) else Var(x)
