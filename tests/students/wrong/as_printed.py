# misconception: 36, 37
# title: The source document's class as it is printed

"""The source document's class as it is printed, completed only where it stops: its imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

Backwards = Callable[[float], None]


def _noop_grad(_: float) -> None:
    pass


class Value:
    def __init__(
        self,
        data: float,
        children: Optional[set[Value]] = None,
        _backwards: Backwards = _noop_grad,
    ):
        self.data = data
        self.grad = 0.0
        self.children = set() if children is None else children
        self._backwards = _backwards

    def __add__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += grad_parent
            other.grad += grad_parent

        return Value(
            self.data + other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __mul__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += other.data * grad_parent
            other.grad += self.data * grad_parent

        return Value(
            self.data * other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __pow__(self, power: float) -> Value:
        assert isinstance(power, (int, float)), "Only support int/float powers"

        def _backward(grad_parent: float) -> None:
            self.grad += (power * self.data ** (power - 1)) * grad_parent

        return Value(
            self.data**power, children={self}, _backwards=_backward, _op=f"^{power}"
        )

    def backward(self) -> None:
        self.grad = 1

        for v in find_reversed_topological_order(self):
            v._backwards(v.grad)


def find_reversed_topological_order(root: Value) -> list[Value]:
    visited = set()
    topological_order = []

    def _depth_first_search(node: Value):
        if node not in visited:
            visited.add(node)

            for child in node.children:
                _depth_first_search(child)

            topological_order.append(node)

    _depth_first_search(root)

    return list(reversed(topological_order))
