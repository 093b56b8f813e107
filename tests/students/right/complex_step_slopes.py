# style: no derivative rules: the slope of each single operation comes from a complex step
# design: float, list of edges from a complex step / stack of grey nodes, inserts at the front / +=
#   on the operand
"""f(x + ih) = f(x) + ih f'(x) + ..., and with h = 1e-100 nothing is lost to rounding. So each operation is given as a
function of complex numbers, and that is all. The chain rule is the usual one."""
import cmath
import math

H = 1e-100


def record(f, *operands):
    nodes = [o if isinstance(o, Value) else Value(o) for o in operands]
    numbers = [node.data for node in nodes]
    slopes = []
    for i, node in enumerate(nodes):
        moved = [complex(x, H if j == i else 0) for j, x in enumerate(numbers)]
        slopes.append(f(*moved).imag / H if isinstance(operands[i], Value) else 0.0)
    return Value(f(*map(complex, numbers)).real, list(zip(nodes, slopes)))


def power(a, n):
    if n.imag == 0 and n.real == int(n.real):  # complex powers of negative numbers lose digits
        n = int(n.real)
        if n < 0:
            return 1 / power(a, complex(-n))
        y = complex(1)
        for _ in range(n):
            y *= a
        return y
    if a.real > 0:
        return cmath.exp(n * cmath.log(a))
    return complex(a.real ** n.real)


class Value:
    def __init__(self, data, edges=()):
        self.data = float(data)
        self.edges = edges
        self.grad = 0.0

    def __add__(self, o): return record(lambda a, b: a + b, self, o)
    def __sub__(self, o): return record(lambda a, b: a - b, self, o)
    def __mul__(self, o): return record(lambda a, b: a * b, self, o)
    def __truediv__(self, o): return record(lambda a, b: a / b, self, o)
    def __pow__(self, o): return record(power, self, o)
    def __radd__(self, o): return record(lambda a, b: a + b, o, self)
    def __rsub__(self, o): return record(lambda a, b: a - b, o, self)
    def __rmul__(self, o): return record(lambda a, b: a * b, o, self)
    def __rtruediv__(self, o): return record(lambda a, b: a / b, o, self)
    def __rpow__(self, o): return record(lambda c, x: cmath.exp(x * math.log(c.real)), o, self)
    def __neg__(self): return record(lambda a: -a, self)
    def __abs__(self): return record(lambda a: a if a.real > 0 else -a, self)
    def relu(self): return record(lambda a: a if a.real > 0 else 0 * a, self)
    def tanh(self): return record(cmath.tanh, self)
    def exp(self): return record(cmath.exp, self)
    def log(self): return record(cmath.log, self)
    def sigmoid(self): return record(lambda a: 1 / (1 + cmath.exp(-a)), self)
    def sin(self): return record(cmath.sin, self)
    def cos(self): return record(cmath.cos, self)
    def sqrt(self): return record(cmath.sqrt, self)

    def backward(self):
        seen = {self}
        grey = [self]
        # reverse post-order, written from the back
        order = []
        while grey:
            node = grey[-1]
            fresh = [o for o, _ in node.edges if o not in seen]
            if fresh:
                seen.add(fresh[0])
                grey.append(fresh[0])
            else:
                order.insert(0, grey.pop())
        self.grad = 1.0
        for node in order:
            for operand, slope in node.edges:
                operand.grad += slope * node.grad
