"""Right orders of nodes, and those of engines that take equal numbers for one node."""

from __future__ import annotations

from collections.abc import Iterable

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.node import Node


def sort_nodes(engine: Engine, root: Node) -> list[Node]:
    """The nodes that a root depends on, each before its operands, in the model's order.

    Unless a node was made in an odd way, the same graph has the same order for other numbers.
    """
    if engine.known is None:
        return _sort(engine, root)
    key = engine.model.order, engine.model.recipes, root.made
    if (found := engine.known.get(key)) is None:
        nodes = _sort(engine, root)
        engine.known[key] = [node.made for node in nodes]
        return nodes
    return [engine.nodes[made] for made in found]


def _sort(engine: Engine, root: Node) -> list[Node]:
    order = engine.model.order
    if order == "tape":
        return sorted(find_nodes(root), key=lambda node: -node.made)
    if order in ("first-in", "last-in"):
        return _sort_by_uses(root, last=order == "last-in")
    by_value = engine.model.identity in ("value", "value sets")
    done: list[Node] = []
    seen: set[Node | float] = set()
    stack: list[Node | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:  # all below the next one is done
            finished = stack.pop()
            assert finished is not None
            done.append(finished)
            continue
        key = node.data if by_value else node
        if key in seen:
            continue
        seen.add(key)
        if node.children:
            stack += (node, None)
            stack += node.children[::-1]
        else:
            done.append(node)
    done.reverse()
    if engine.model.identity == "value list":
        kept = {node.data: node for node in reversed(done)}
        done = [node for node in done if kept[node.data] is node]
    elif engine.model.identity == "value list, last":
        kept = {node.data: node for node in done}
        done = [node for node in done if kept[node.data] is node]
    return done


def find_nodes(root: Node) -> list[Node]:
    """The nodes that a root depends on, in no special order."""
    found = {id(root): root}
    pending = [root]
    for node in pending:
        for child in node.children:
            if id(child) not in found:
                found[id(child)] = child
                pending.append(child)
    return list(found.values())


def _sort_by_uses(root: Node, *, last: bool) -> list[Node]:
    uses: dict[int, int] = {}
    for node in find_nodes(root):
        for child in node.children:
            uses[id(child)] = uses.get(id(child), 0) + 1
    ready, done = [root], []
    while ready:
        node = ready.pop() if last else ready.pop(0)
        done.append(node)
        for child in node.children:
            uses[id(child)] -= 1
            if not uses[id(child)]:
                ready.append(child)
    return done


def run_nodes(engine: Engine, nodes: Iterable[Node]) -> None:
    """Has each node hand its gradient on."""
    push = engine.push
    for node in nodes:
        if node.rule or node.extra or node.step is not node:  # others have nothing to give
            push(node)
