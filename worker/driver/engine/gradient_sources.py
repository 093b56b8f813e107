"""Gradients that no node keeps: backward returns them, or each leaf is asked for its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from worker.driver.base.errors import AbsentError
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.numbers import to_number

Find = Callable[[Any, Node], Any]  # what a result of backward has for a node
Ask = Callable[[Node, Node], Any]  # (root, leaf): the root's gradient by the leaf


class ReturnedGradients:
    """What backward has returned in this graph. Several calls add up, as stored gradients do.

    The same dictionary again has added them up itself. One that has nothing for the root of its
    own backward leaves out what is always 1.
    """

    def __init__(
        self,
        run: Callable[[Node], Any],
        find: Find,
        interface: Interface,
    ) -> None:
        self._run, self._find, self._interface = run, find, interface
        self._results: list[tuple[Node, Any]] = []

    def backward(self, node: Node) -> None:
        """Runs backward, and keeps what it returns."""
        result = self._run(node)
        if not any(result is before for _, before in self._results):
            self._results.append((node, result))

    def read(self, node: Node) -> Any:
        """The node's gradient. Raises AbsentError where no result has one."""
        found = []
        for root, result in self._results:
            is_root = root is node and isinstance(result, dict)
            try:
                found.append(self._find(_as_it_is(result) if is_root else result, node))
            except (KeyError, IndexError, ValueError):
                found += [1.0] if is_root else []
        return _sum(found, self._interface)

    def forget(self) -> None:
        """Begins a new graph."""
        self._results.clear()


class AskedGradients:
    """Gradients that are asked for leaf by leaf, of the root that backward was to run from."""

    def __init__(self, ask: Ask, interface: Interface) -> None:
        self._ask, self._interface = ask, interface
        self._roots: list[Node] = []

    def backward(self, node: Node) -> None:
        """Only notes from where gradients will be asked."""
        self._roots.append(node)

    def read(self, node: Node) -> Any:
        """The node's gradient. Raises AbsentError where there was no backward."""
        return _sum([self._ask(root, node) for root in self._roots], self._interface)

    def forget(self) -> None:
        """Begins a new graph."""
        self._roots.clear()


class Leaves:
    """Makes leaves and counts them, for engines that return gradients in the leaves' order."""

    def __init__(self, make: Callable[[Any], Node]) -> None:
        self._make = make
        self._made: list[Node] = []

    def make(self, number: Any) -> Node:
        """A leaf."""
        self._made.append(leaf := self._make(number))
        return leaf

    def find(self, result: Any, node: Node) -> Any:
        """What a list has for a leaf. Raises ValueError where the node is none."""
        for place, leaf in enumerate(self._made):
            if leaf is node and len(result) == len(self._made):
                return result[place]
        raise ValueError

    def forget(self) -> None:
        """Begins a new graph."""
        self._made.clear()


def _as_it_is(result: dict[Any, Any]) -> dict[Any, Any]:
    """The dictionary, without zeros that it would make up for whom it has nothing."""
    return dict(result) if isinstance(result, (defaultdict, Counter)) else result


def _sum(found: list[Any], interface: Interface) -> Any:
    if not found:
        raise AbsentError
    if len(found) == 1:
        return found[0]
    return sum(to_number(held, "a gradient", interface) or 0.0 for held in found)
