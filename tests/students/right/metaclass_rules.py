# style: a metaclass makes a method of every Rule class in the body; a rule is a pair of static functions
# design: number; rule and operands put on by the metaclass's method / recursive, operands filtered
#   by a set, reversed / setattr of a sum
"""class tanh(Rule): forward(x) and slopes(y, x). The metaclass turns such classes into methods."""
import math


class Rule:
    """forward(*numbers) -> number; slopes(result, *numbers) -> one number for each operand."""


class Differentiable(type):
    def __new__(meta, name, bases, body):
        for key, rule in list(body.items()):
            if isinstance(rule, type) and issubclass(rule, Rule):
                body[key] = meta.method(rule)
                if getattr(rule, "reflected", None):
                    body[rule.reflected] = meta.method(rule, swap=True)
        return super().__new__(meta, name, bases, body)

    @staticmethod
    def method(rule, swap=False):
        def apply(self, *others):
            cls = type(self)
            operands = [self, *(o if isinstance(o, cls) else cls(o) for o in others)]
            if swap:
                operands.reverse()
            result = cls(rule.forward(*(o.data for o in operands)))
            result.rule, result.operands = rule, operands
            return result

        return apply


class Value(metaclass=Differentiable):
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.rule, self.operands = None, []

    class __add__(Rule):
        reflected = "__radd__"
        forward = staticmethod(lambda a, b: a + b)
        slopes = staticmethod(lambda y, a, b: (1, 1))

    class __sub__(Rule):
        reflected = "__rsub__"
        forward = staticmethod(lambda a, b: a - b)
        slopes = staticmethod(lambda y, a, b: (1, -1))

    class __mul__(Rule):
        reflected = "__rmul__"
        forward = staticmethod(lambda a, b: a * b)
        slopes = staticmethod(lambda y, a, b: (b, a))

    class __truediv__(Rule):
        reflected = "__rtruediv__"
        forward = staticmethod(lambda a, b: a / b)
        slopes = staticmethod(lambda y, a, b: (1 / b, -y / b))

    class __pow__(Rule):
        reflected = "__rpow__"
        forward = staticmethod(lambda a, n: a**n)

        @staticmethod
        def slopes(y, a, n):
            by_base = n * a ** (n - 1) if n else 0.0
            return by_base, (math.log(a) * y if a > 0 else 0.0)

    class __neg__(Rule):
        forward = staticmethod(lambda x: -x)
        slopes = staticmethod(lambda y, x: (-1,))

    class __abs__(Rule):
        forward = staticmethod(abs)
        slopes = staticmethod(lambda y, x: (1 if x > 0 else -1,))

    class relu(Rule):
        forward = staticmethod(lambda x: max(0, x))
        slopes = staticmethod(lambda y, x: (1 if x > 0 else 0,))

    class tanh(Rule):
        forward = staticmethod(math.tanh)
        slopes = staticmethod(lambda y, x: (1 - y * y,))

    class exp(Rule):
        forward = staticmethod(math.exp)
        slopes = staticmethod(lambda y, x: (y,))

    class log(Rule):
        forward = staticmethod(math.log)
        slopes = staticmethod(lambda y, x: (1 / x,))

    class sigmoid(Rule):
        forward = staticmethod(lambda x: 1 / (1 + math.exp(-x)))
        slopes = staticmethod(lambda y, x: (y * (1 - y),))

    class sin(Rule):
        forward = staticmethod(math.sin)
        slopes = staticmethod(lambda y, x: (math.cos(x),))

    class cos(Rule):
        forward = staticmethod(math.cos)
        slopes = staticmethod(lambda y, x: (-math.sin(x),))

    class sqrt(Rule):
        forward = staticmethod(math.sqrt)
        slopes = staticmethod(lambda y, x: (0.5 / y,))

    def backward(self):
        order, entered = [], set()

        def enter(node):
            entered.add(node)
            for operand in filter(lambda o: o not in entered, node.operands):
                enter(operand)
            order.append(node)

        enter(self)
        self.grad = 1.0
        for node in reversed(order):
            if node.rule:
                numbers = (o.data for o in node.operands)
                for operand, slope in zip(node.operands, node.rule.slopes(node.data, *numbers)):
                    setattr(operand, "grad", operand.grad + slope * node.grad)
