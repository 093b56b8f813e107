# style: functions made differentiable by a decorator, pullbacks as closures in a list
import functools
import math


def differentiable(*slopes):
    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args):
            nodes = [a for a in args if isinstance(a, Var)]
            numbers = [a.v if isinstance(a, Var) else a for a in args]
            out = Var(function(*numbers))

            def pull(a, slope):
                def run():
                    a.g += slope(*numbers) * out.g

                return run

            out.pulls = [pull(a, s) for a, s in zip(args, slopes) if isinstance(a, Var)]
            out.sources = nodes
            return out

        return wrapped

    return decorate


@differentiable(lambda a, b: 1, lambda a, b: 1)
def plus(a, b):
    return a + b


@differentiable(lambda a, b: 1, lambda a, b: -1)
def minus(a, b):
    return a - b


@differentiable(lambda a, b: b, lambda a, b: a)
def times(a, b):
    return a * b


@differentiable(lambda a, b: 1 / b, lambda a, b: -a / b**2)
def over(a, b):
    return a / b


@differentiable(lambda a, n: n * a ** (n - 1), lambda a, n: a**n * math.log(a))
def to_the(a, n):
    return a**n


@differentiable(lambda a: -1)
def opposite(a):
    return -a


@differentiable(lambda a: math.exp(a))
def exponential(a):
    return math.exp(a)


@differentiable(lambda a: 1 / a)
def logarithm(a):
    return math.log(a)


@differentiable(lambda a: 1 - math.tanh(a) ** 2)
def hyperbolic(a):
    return math.tanh(a)


@differentiable(lambda a: 1 if a > 0 else 0)
def rectified(a):
    return max(a, 0)


@differentiable(lambda a: math.exp(-a) / (1 + math.exp(-a)) ** 2)
def logistic(a):
    return 1 / (1 + math.exp(-a))


class Var:
    def __init__(self, v):
        self.v = v
        self.g = 0
        self.pulls = []
        self.sources = []

    __add__ = plus
    __mul__ = times
    __sub__ = minus
    __truediv__ = over
    __pow__ = to_the
    __neg__ = opposite
    exp = exponential
    log = logarithm
    tanh = hyperbolic
    relu = rectified
    sigmoid = logistic

    def __radd__(self, other):
        return plus(other, self)

    def __rmul__(self, other):
        return times(other, self)

    def __rsub__(self, other):
        return minus(other, self)

    def __rtruediv__(self, other):
        return over(other, self)

    def __rpow__(self, other):
        return to_the(other, self)

    def backward(self):
        finished = []

        def explore(node):
            if any(node is other for other in finished):
                return
            for source in node.sources:
                explore(source)
            finished.append(node)

        explore(self)
        self.g = 1
        for node in finished[::-1]:
            for run in node.pulls:
                run()
