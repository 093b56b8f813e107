# style: a script that compares with torch, draws the graph and plots, all at module level
# design: number, set of children, op, label, closure / recursive, set of nodes, reversed / closure
#   without arguments adds
"""My autograd, with the checks that I did while writing it (needs graphviz and torch installed)."""
import math
import random

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn
from graphviz import Digraph
from tqdm import tqdm

random.seed(1337)
plt.style.use("ggplot")


class Value:
    """ stores a single scalar value and its gradient """

    def __init__(self, data, _children=(), _op='', label=''):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op
        self.label = label

    def __repr__(self):
        return f"Value(data={self.data})"

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), '+')

        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += 1.0 * out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), '*')

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only supporting int/float powers for now"
        out = Value(self.data**other, (self,), f'**{other}')

        def _backward():
            if other:
                self.grad += other * (self.data ** (other - 1)) * out.grad
        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Value(other ** self.data, (self,), f'{other}**')

        def _backward():
            self.grad += math.log(other) * out.data * out.grad
        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), 'exp')

        def _backward():
            self.grad += out.data * out.grad
        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), 'log')

        def _backward():
            self.grad += 1 / self.data * out.grad
        out._backward = _backward
        return out

    def tanh(self):
        x = self.data
        t = (math.exp(2*x) - 1)/(math.exp(2*x) + 1)
        out = Value(t, (self,), 'tanh')

        def _backward():
            self.grad += (1 - t**2) * out.grad
        out._backward = _backward
        return out

    def sigmoid(self):
        out = Value(1 / (1 + math.exp(-self.data)), (self,), 'sigmoid')

        def _backward():
            self.grad += out.data * (1 - out.data) * out.grad
        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), 'ReLU')

        def _backward():
            self.grad += (out.data > 0) * out.grad
        out._backward = _backward
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,), 'sin')

        def _backward():
            self.grad += math.cos(self.data) * out.grad
        out._backward = _backward
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,), 'cos')

        def _backward():
            self.grad += -math.sin(self.data) * out.grad
        out._backward = _backward
        return out

    def sqrt(self):
        return self ** 0.5

    def __abs__(self):
        out = Value(abs(self.data), (self,), 'abs')

        def _backward():
            self.grad += (1.0 if self.data > 0 else -1.0) * out.grad
        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)
        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()

    def __neg__(self): return self * -1
    def __radd__(self, other): return self + other
    def __sub__(self, other): return self + (-other)
    def __rsub__(self, other): return other + (-self)
    def __rmul__(self, other): return self * other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return other * self**-1


def trace(root):
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)
    build(root)
    return nodes, edges


def draw_dot(root):
    dot = Digraph(format='svg', graph_attr={'rankdir': 'LR'})
    nodes, edges = trace(root)
    for n in nodes:
        uid = str(id(n))
        dot.node(name=uid, label="{ %s | data %.4f | grad %.4f }" % (n.label, n.data, n.grad), shape='record')
        if n._op:
            dot.node(name=uid + n._op, label=n._op)
            dot.edge(uid + n._op, uid)
    for n1, n2 in edges:
        dot.edge(str(id(n1)), str(id(n2)) + n2._op)
    return dot


class Check(nn.Module):
    """the same neuron in torch"""

    def forward(self, x, w):
        return torch.tanh((x * w).sum())


# ---- does it agree with torch? ----
x1 = Value(2.0, label='x1')
w1 = Value(-3.0, label='w1')
o = (x1 * w1).tanh()
o.label = 'o'
o.backward()

xt = torch.Tensor([2.0]).double(); xt.requires_grad = True
wt = torch.Tensor([-3.0]).double(); wt.requires_grad = True
ot = Check()(xt, wt)
ot.backward()
print('ours ', x1.grad, w1.grad)
print('torch', xt.grad.item(), wt.grad.item())
assert abs(x1.grad - xt.grad.item()) < 1e-6

draw_dot(o).render('neuron', view=True)

# ---- a picture of tanh and its derivative ----
xs = np.arange(-5, 5, 0.25)
ys, ds = [], []
for x in tqdm(xs):
    v = Value(float(x))
    y = v.tanh()
    y.backward()
    ys.append(y.data)
    ds.append(v.grad)
plt.figure(figsize=(8, 4))
plt.plot(xs, ys, label='tanh')
plt.plot(xs, ds, label="tanh'")
plt.legend()
plt.savefig('tanh.png')
plt.show()
