"""Gradients in what backward gave: several backward passes add up, as stored gradients do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from worker.driver.base.errors import AbsentError
from worker.driver.graph.engine import GraphRun, Make, Run
from worker.driver.node.numbers import Node, NumberSource, to_number

Find = Callable[[Any, Node], Any]  # takes a result and a node, gives the node's gradient
Ask = Callable[[Node, Node], Any]  # takes a root and a leaf, gives the root's gradient by the leaf


def collect_results(make: Make, run: Run, find: Find, numbers: NumberSource) -> GraphRun:
    """A run that keeps what each backward gave and finds gradients in it.

    If backward gives the same dictionary again, it has added up the gradients itself. If a
    dictionary has nothing for the root of its own backward, that gradient is 1.
    """
    results: list[tuple[Node, Any]] = []

    def run_backward(root: Node) -> None:
        result = run(root)
        if not any(result is before for _, before in results):
            results.append((root, result))

    def read(node: Node) -> Any:
        gradients = []
        for root, result in results:
            is_root = root is node and isinstance(result, dict)
            # A copy makes up no zero for a node that it doesn't have.
            makes_up = is_root and isinstance(result, (defaultdict, Counter))
            try:
                gradients.append(find(dict(result) if makes_up else result, node))
            except (KeyError, IndexError, ValueError):
                gradients += [1.0] if is_root else []
        return add_up(gradients, numbers)

    return GraphRun(make, run_backward, read)


def add_up(gradients: list[Any], numbers: NumberSource) -> Any:
    """The sum of a node's gradients. Raises AbsentError if there is none."""
    if not gradients:
        raise AbsentError
    if len(gradients) == 1:
        return gradients[0]
    return sum(to_number(gradient, "a gradient", numbers) or 0.0 for gradient in gradients)
