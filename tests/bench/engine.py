"""The speed of the reference engine, compared with micrograd's closures."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from worker.reference.engine import Value

NODES = 1_000
PASSES = 20  # build and backward, in one repetition
REPETITIONS = 15


class ClosureValue:
    """The closure design: each node a function that passes its gradient on; recursive ordering."""

    def __init__(self, data: float, children: tuple[ClosureValue, ...] = (), op: str = "") -> None:
        self.data = data
        self.grad = 0.0
        self._backward: Callable[[], None] = lambda: None
        self._prev = set(children)
        self._op = op

    def __add__(self, other: ClosureValue | float) -> ClosureValue:
        other = other if isinstance(other, ClosureValue) else ClosureValue(other)
        out = ClosureValue(self.data + other.data, (self, other), "+")

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: ClosureValue | float) -> ClosureValue:
        other = other if isinstance(other, ClosureValue) else ClosureValue(other)
        out = ClosureValue(self.data * other.data, (self, other), "*")

        def _backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def backward(self) -> None:
        topo: list[ClosureValue] = []
        visited: set[ClosureValue] = set()

        def build_topo(v: ClosureValue) -> None:
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()


def _time_passes(value: Any) -> float:
    start = time.perf_counter()
    for _ in range(PASSES):
        build(value).backward()
    return time.perf_counter() - start


def build(value: Any) -> Any:
    """A graph of NODES nodes, wide enough for a recursive ordering to live through it."""
    leaves = [value(0.4 + i / 40) for i in range(20)]
    nodes = list(leaves)
    while len(nodes) < NODES - 19:
        a, b = nodes[-20], leaves[len(nodes) % 19]
        nodes.append(a * b if (len(nodes) // 20) % 2 else a + b)
    total = nodes[-20]
    for node in nodes[-19:]:
        total = total + node
    return total


def measure(repetitions: int = REPETITIONS) -> dict[str, float]:
    """Time of the reference engine over time of the closure design: under 1 is faster."""
    ratios = []
    for _ in range(repetitions):
        closures = _time_passes(ClosureValue)
        ratios.append(_time_passes(Value) / closures)
    return {"engine time over closure design's, 1,000 nodes (target 1)": statistics.median(ratios)}
