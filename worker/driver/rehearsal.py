"""A rehearsal in the zygote, of what its children will do, with a file of our own.

Python adapts code to the values it runs with, and caches names. The children inherit all that.
"""

from __future__ import annotations

import sys
from types import ModuleType

from worker.driver.base.channel import encode
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load

ROUNDS = 10  # Python adapts a function after about eight calls
SOURCE = '''\
"""An engine like those of students."""
import math


class Value:
    def __init__(self, data, children=(), op=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(children)
        self._op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
'''
GRAPH = {
    "steps": [["leaf", 3], ["leaf", 0.5], ["*", 0, 1], ["+", 2, 1], ["tanh", 3], ["backward", 4]],
    "reads": [[node, part, "a number"] for part in ("data", "grad") for node in range(5)],
}


def rehearse() -> None:
    """Loads the file and answers the graph a few times, and leaves nothing of it behind."""
    finders, limit = list(sys.meta_path), sys.getrecursionlimit()
    for _ in range(ROUNDS):
        module = ModuleType(MODULE)
        loaded = load(SOURCE, module)
        assert isinstance(loaded, Engine), loaded
        encode(loaded.to_answer())
        answer = observe(GRAPH, loaded)
        assert "numbers" in answer, answer
        encode(answer)
        del sys.modules[MODULE]
        sys.meta_path[:] = finders
    sys.setrecursionlimit(limit)
