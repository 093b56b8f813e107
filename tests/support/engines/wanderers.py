"""Engines right in every derivative that go through the graph wrongly, each in its own way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.support.engines.plain import OPERATIONS, Plain

Arrange = Callable[[Sequence["Wanderer"]], list["Wanderer"]]  # as the order of a set may be
Walk = Callable[["Wanderer", Arrange], Iterator["Wanderer"]]


class Wanderer(Plain):
    """Passes its gradient on to its operands whenever the walk comes by."""

    walk: Walk
    arrange: Arrange

    def __init__(self, data: float, *edges: tuple[Wanderer, float]) -> None:
        super().__init__(data)
        self.edges = edges

    def apply(self, operation: str, *others: Any) -> Wanderer:
        operands = [self, *(self.lift(other) for other in others)]
        number, slopes = OPERATIONS[operation](*(operand.data for operand in operands))
        return type(self)(number, *zip(operands, slopes, strict=True))

    @property
    def children(self) -> list[Wanderer]:
        """The operands, each once."""
        return list(dict.fromkeys(operand for operand, _ in self.edges))

    def backward(self) -> None:
        self.grad = 1.0
        for node in type(self).walk(self, type(self).arrange):
            for operand, slope in node.edges:
                operand.grad += slope * node.grad


def preorder(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """Depth first; a node is on before those that use it have all been."""
    seen = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack += arrange(node.children)


def postorder(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """A topological order that nobody reversed."""
    return reversed(list(in_order(root, arrange)))


def in_order(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """The right way, from which others stray."""
    order: list[Wanderer] = []
    seen = set()

    def visit(node: Wanderer) -> None:
        if node not in seen:
            seen.add(node)
            for child in arrange(node.children):
                visit(child)
            order.append(node)

    visit(root)
    return reversed(order)


def breadth_first(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """Level by level; each node where it is first found."""
    queue = [root]
    for node in queue:  # grows as it is walked
        yield node
        queue += [child for child in arrange(node.children) if child not in queue]


def breadth_first_unseen(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """Level by level; a node as often as it is found."""
    queue = [root]
    for node in queue:  # grows as it is walked
        yield node
        queue += arrange(node.children)


def recursive(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """Each node calls its operands, once for every path."""
    yield root
    for child in arrange(root.children):
        yield from recursive(child, arrange)


def appended_again(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """The append stands outside of `if node not in seen`."""
    order: list[Wanderer] = []
    seen = set()

    def visit(node: Wanderer) -> None:
        if node not in seen:
            seen.add(node)
            for child in arrange(node.children):
                visit(child)
        order.append(node)

    visit(root)
    return reversed(order)


def pushed_twice(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """On a stack, a node pushed a second time before its first visit is in the order twice."""
    order: list[Wanderer] = []
    seen = set()
    stack = [root]
    while stack:
        node = stack[-1]
        if node in seen:
            order.append(stack.pop())
        else:
            seen.add(node)
            stack += [child for child in arrange(node.children) if child not in seen]
    return reversed(order)


def shortest_first(root: Wanderer, arrange: Arrange) -> Iterator[Wanderer]:
    """Sorted by the number of steps from the output, on the shortest way."""
    depth = {root: 0}
    for node in list(breadth_first(root, arrange)):
        for child in arrange(node.children):
            depth.setdefault(child, depth[node] + 1)
    return iter(sorted(depth, key=depth.__getitem__))


WRONG_WALKS: tuple[Walk, ...] = (
    preorder,
    postorder,
    breadth_first,
    breadth_first_unseen,
    recursive,
    appended_again,
    pushed_twice,
    shortest_first,
)


def shuffled(seed: int) -> Arrange:
    """Operands in an order of their own for each visit; 0 keeps them, 1 reverses them."""
    draw = random.Random(seed)
    if seed == 0:
        return list
    if seed == 1:
        return lambda nodes: list(reversed(nodes))
    return lambda nodes: draw.sample(nodes, len(nodes))


def wander(walk: Walk, seed: int) -> type[Wanderer]:
    """An engine that walks so."""
    return type("Wandering", (Wanderer,), {"walk": staticmethod(walk), "arrange": shuffled(seed)})
