# style: linear algebra: the adjoints solve a triangular system, by back substitution over columns
# design: number alone, row of partials by id / columns of a triangular matrix, last to first / back
#   substitution, one sum for each column
"""Numerics student here. Write the local Jacobian of all n nodes as a strictly lower triangular matrix J. The adjoints a of
the last node solve (I - J^T) a = e_n, and back substitution is what everybody calls backpropagation.
J is kept sparse, a dictionary {column: entry} per row."""

import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.row = {}       # id of operand -> partial derivative
        self.operands = {}  # id of operand -> operand

    def _entry(self, operand, partial):
        key = id(operand)
        self.operands[key] = operand
        self.row[key] = self.row.get(key, 0.0) + partial  # x * x has both in one column
        return self

    def system(self):
        """Nodes in an order in which J is lower triangular, this one last."""
        nodes, index = [], {}

        def number(node):
            if id(node) in index:
                return
            index[id(node)] = None
            for operand in node.operands.values():
                number(operand)
            index[id(node)] = len(nodes)
            nodes.append(node)

        number(self)
        columns = [[] for _ in nodes]
        for i, node in enumerate(nodes):
            for key, entry in node.row.items():
                columns[index[key]].append((i, entry))
        return nodes, columns

    def backward(self):
        nodes, columns = self.system()
        n = len(nodes)
        a = [0.0] * n
        for j in range(n - 1, -1, -1):
            right_hand_side = 1.0 if j == n - 1 else 0.0
            a[j] = right_hand_side + sum(entry * a[i] for i, entry in reversed(columns[j]))
        for node, adjoint in zip(nodes, a):
            node.grad = adjoint

    @staticmethod
    def coerce(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.coerce(other)
        return Value(self.data + other.data)._entry(self, 1.0)._entry(other, 1.0)

    def __sub__(self, other):
        other = Value.coerce(other)
        return Value(self.data - other.data)._entry(self, 1.0)._entry(other, -1.0)

    def __mul__(self, other):
        other = Value.coerce(other)
        return Value(self.data * other.data)._entry(self, other.data)._entry(other, self.data)

    def __truediv__(self, other):
        other = Value.coerce(other)
        quotient = self.data / other.data
        return Value(quotient)._entry(self, 1 / other.data)._entry(other, -quotient / other.data)

    def __pow__(self, other):
        if not isinstance(other, Value):
            slope = other * self.data ** (other - 1) if other != 0 else 0.0
            return Value(self.data ** other)._entry(self, slope)
        power = self.data ** other.data
        slope = other.data * self.data ** (other.data - 1)
        return Value(power)._entry(self, slope)._entry(other, math.log(self.data) * power)

    def __radd__(self, other):
        return Value.coerce(other) + self

    def __rsub__(self, other):
        return Value.coerce(other) - self

    def __rmul__(self, other):
        return Value.coerce(other) * self

    def __rtruediv__(self, other):
        return Value.coerce(other) / self

    def __rpow__(self, other):
        return Value.coerce(other) ** self

    def __neg__(self):
        return Value(-self.data)._entry(self, -1.0)

    def __abs__(self):
        return Value(abs(self.data))._entry(self, -1.0 if self.data < 0 else 1.0)

    def exp(self):
        return Value(math.exp(self.data))._entry(self, math.exp(self.data))

    def log(self):
        return Value(math.log(self.data))._entry(self, 1.0 / self.data)

    def tanh(self):
        return Value(math.tanh(self.data))._entry(self, 1.0 - math.tanh(self.data) ** 2)

    def sigmoid(self):
        s = 0.5 + 0.5 * math.tanh(0.5 * self.data)
        return Value(s)._entry(self, s * (1.0 - s))

    def relu(self):
        return Value(max(0.0, self.data))._entry(self, 1.0 if self.data > 0 else 0.0)

    def sin(self):
        return Value(math.sin(self.data))._entry(self, math.cos(self.data))

    def cos(self):
        return Value(math.cos(self.data))._entry(self, -math.sin(self.data))

    def sqrt(self):
        return Value(math.sqrt(self.data))._entry(self, 0.5 / math.sqrt(self.data))
