# style: no classes: a node is a dictionary, and operations are functions add(a, b), mul(a, b), ...
# design: dictionary with value, grad and from / recursive function, set of ids, reversed / += on a
#   key of the dictionary
"""I come from C and do not like objects. A node is {'value': ..., 'grad': ..., 'from': [(node, slope), ...]}."""
import math


def node(value, edges=()):
    return {'value': value, 'grad': 0.0, 'from': list(edges)}


def lift(x):
    return x if isinstance(x, dict) else node(x)


def add(a, b):
    a, b = lift(a), lift(b)
    return node(a['value'] + b['value'], [(a, 1), (b, 1)])


def sub(a, b):
    a, b = lift(a), lift(b)
    return node(a['value'] - b['value'], [(a, 1), (b, -1)])


def mul(a, b):
    a, b = lift(a), lift(b)
    return node(a['value'] * b['value'], [(a, b['value']), (b, a['value'])])


def div(a, b):
    a, b = lift(a), lift(b)
    x, y = a['value'], b['value']
    return node(x / y, [(a, 1 / y), (b, -x / y ** 2)])


def pow(a, b):
    a, b = lift(a), lift(b)
    x, n = a['value'], b['value']
    by_base = n * x ** (n - 1) if n != 0 else 0.0
    by_exponent = x ** n * math.log(x) if x > 0 else 0.0
    return node(x ** n, [(a, by_base), (b, by_exponent)])


def neg(a):
    return node(-a['value'], [(a, -1)])


def absolute(a):
    return node(math.fabs(a['value']), [(a, math.copysign(1, a['value']))])


def exp(a):
    y = math.exp(a['value'])
    return node(y, [(a, y)])


def log(a):
    return node(math.log(a['value']), [(a, 1 / a['value'])])


def tanh(a):
    y = math.tanh(a['value'])
    return node(y, [(a, 1 - y * y)])


def sigmoid(a):
    y = 1 / (1 + math.exp(-a['value']))
    return node(y, [(a, y * (1 - y))])


def relu(a):
    return node(max(a['value'], 0), [(a, 1 if a['value'] > 0 else 0)])


def sin(a):
    return node(math.sin(a['value']), [(a, math.cos(a['value']))])


def cos(a):
    return node(math.cos(a['value']), [(a, -math.sin(a['value']))])


def sqrt(a):
    y = math.sqrt(a['value'])
    return node(y, [(a, 0.5 / y)])


def order(root):
    """Post-order, with id() since dictionaries cannot be in a set."""
    seen, result = set(), []

    def walk(n):
        if id(n) in seen:
            return
        seen.add(id(n))
        for operand, _ in n['from']:
            walk(operand)
        result.append(n)

    walk(root)
    return result


def backward(root):
    root['grad'] = 1.0
    for n in reversed(order(root)):
        for operand, slope in n['from']:
            operand['grad'] += slope * n['grad']
