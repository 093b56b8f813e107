# style: modules that grading has no use for
# account: Value | data | grad | backward()
# note: matplotlib is not here: a stand-in took its place.
# note: torch is not here: a stand-in took its place.
# note: unittest is not here: a stand-in took its place.
# note: graphviz is not here: a stand-in took its place.
# note: IPython is not here: a stand-in took its place.
# note: sklearn is not here: a stand-in took its place.
# note: typing.NotInThisPython is not here: a stand-in took its place.
# note: nn.MLP is not here: a stand-in took its place.
# note: tqdm is not here: a stand-in took its place.
# note: Line 98 was left out: ModuleNotFoundError: sklearn.datasets.make_moons is needed, and sklearn is not here: only Python's standard library is here.
# note: Left out too, because it needs what was left out before: line 99.
import math
import matplotlib.pyplot as plt
import torch.nn as nn
import unittest
from graphviz import Digraph
from IPython.display import display
from sklearn.datasets import make_moons, make_blobs
from typing import NotInThisPython
from .nn import MLP
from tqdm import tqdm

try:
    import jax
except ImportError:
    jax = None


class Value:
    def __init__(self, data, inputs=()):
        if isinstance(data, (torch_types := nn.Module)) or jax is not None:
            raise TypeError
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    @NotInThisPython
    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.step = step
        return out

    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            node.step()


def in_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node.inputs:
                visit(child)
            order.append(node)

    visit(root)
    return order[::-1]


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(2, 1)

    @nn.no_grad()
    def forward(self, x: nn.Tensor | None) -> Digraph:
        return self.net(x)


class TestValue(unittest.TestCase):
    def test_sum(self):
        self.assertEqual((Value(1) + Value(2)).data, 3)


plt.figure(figsize=(8, 4))
plt.rcParams["font.size"] = 12
X, y = make_moons(n_samples=100, noise=0.1)
y = y * 2 - 1
display(Digraph(format="svg"))
