# style: every node registers with the current graph, which a with statement may replace
# design: number, edges, index in the current graph / list of the graph, from the index down / list
#   of adjoints by index
"""Graph.current collects nodes in order of creation; backward() reads the list of the node's graph from the end.

    with Graph():
        x = Value(3)
"""
import math


class Graph:
    current = None

    def __init__(self):
        self.nodes = []

    def __enter__(self):
        self.before, Graph.current = Graph.current, self
        return self

    def __exit__(self, *error):
        Graph.current = self.before


Graph.current = Graph()


class Value:
    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self.edges = edges
        self.graph = Graph.current
        self.index = len(self.graph.nodes)
        self.graph.nodes.append(self)

    def backward(self):
        adjoint = [0.0] * (self.index + 1)
        adjoint[self.index] = 1.0
        for node in self.graph.nodes[self.index :: -1]:
            bar = adjoint[node.index]
            if bar == 0.0:
                continue
            node.grad += bar
            for operand, weight in node.edges:
                adjoint[operand.index] += weight * bar

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, o):
        o = Value.of(o)
        return Value(self.data + o.data, [(self, 1), (o, 1)])

    def __sub__(self, o):
        o = Value.of(o)
        return Value(self.data - o.data, [(self, 1), (o, -1)])

    def __mul__(self, o):
        o = Value.of(o)
        return Value(self.data * o.data, [(self, o.data), (o, self.data)])

    def __truediv__(self, o):
        return self * Value.of(o).reciprocal()

    def reciprocal(self):
        r = 1 / self.data
        return Value(r, [(self, -r * r)])

    def __pow__(self, o):
        if isinstance(o, (int, float)):
            return Value(self.data ** o, [(self, o * self.data ** (o - 1) if o else 0)])
        p = self.data ** o.data
        return Value(p, [(self, o.data * self.data ** (o.data - 1)), (o, p * math.log(self.data))])

    def __radd__(self, o): return Value.of(o) + self
    def __rsub__(self, o): return Value.of(o) - self
    def __rmul__(self, o): return Value.of(o) * self
    def __rtruediv__(self, o): return Value.of(o) / self
    def __rpow__(self, o): return Value.of(o) ** self
    def __neg__(self): return Value(-self.data, [(self, -1)])
    def __abs__(self): return -self if self.data < 0 else Value(self.data, [(self, 1)])

    def relu(self):
        return Value(max(0.0, self.data), [(self, 1.0)] if self.data > 0 else [])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t ** 2)])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, self.data ** -1)])

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, [(self, s * (1 - s))])

    def sin(self):
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self):
        return Value(math.cos(self.data), [(self, -math.sin(self.data))])

    def sqrt(self):
        return Value(self.data ** 0.5, [(self, 0.5 * self.data ** -0.5)])
