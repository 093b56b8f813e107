"""Ways to visit all nodes in a wrong order, or too often."""

from __future__ import annotations

from collections import Counter

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.shares import UnknownError
from worker.grading.diagnosis.traversal.sorting import find_nodes, run_nodes, sort_nodes

MOST_VISITS = 3_000


def every_path(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    _walk(engine, root)


def _walk(engine: Engine, node: Node) -> None:
    engine.push(node)
    for child in node.children:
        _walk(engine, child)


def sum_passed_on(engine: Engine, root: Node) -> None:
    """Each share is added, and the sum passed on at once, operand by operand."""

    def pass_on(node: Node) -> None:
        for i in engine.positions(node):
            engine.push_one(node, i)
            pass_on(node.operands[i])

    root.grad = 1.0
    pass_on(root)


def used_up(engine: Engine, root: Node) -> None:
    """A node passes on the share that comes first, and nothing of those that come later."""
    used: set[int] = set()

    def pass_on(node: Node, share: float) -> None:
        if id(node) in used:
            return
        used.add(id(node))
        for i in engine.positions(node):
            operand = node.operands[i]
            before = operand.grad
            engine.push_one(node, i, share)
            pass_on(operand, operand.grad - before)

    root.grad = 1.0
    pass_on(root, 1.0)


def pre_order(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    seen: set[int] = set()

    def visit(node: Node) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            engine.push(node)
            for child in node.children:
                visit(child)

    visit(root)


def pre_order_sorted(engine: Engine, root: Node) -> None:
    """The order is built depth first, each node before its operands."""
    root.grad = 1.0
    order: list[Node] = []
    seen: set[int] = set()

    def visit(node: Node) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            for child in node.children:
                visit(child)

    visit(root)
    run_nodes(engine, order)


def not_reversed(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    run_nodes(engine, reversed(sort_nodes(engine, root)))


def youngest_last(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    run_nodes(engine, sorted(find_nodes(root), key=lambda node: node.made))


def by_number(engine: Engine, root: Node) -> None:
    """The largest first. Equal numbers stay in the order of the set that the nodes come from."""
    nodes = _find_in_set(root, reverse=engine.is_right) if engine.is_set else find_nodes(root)
    root.grad = 1.0
    run_nodes(engine, sorted(nodes, key=lambda node: -abs(node.data)))


def _find_in_set(root: Node, *, reverse: bool) -> list[Node]:
    """The nodes in the order in which a stack finds them, as a set has them, or in reverse.

    In reverse, the children of nodes are reversed already.
    """
    found = {id(root): root}
    pending = [root]
    while pending:
        children = pending.pop().children
        for child in reversed(children) if reverse else children:
            if id(child) not in found:
                found[id(child)] = child
                pending.append(child)
    nodes = list(found.values())
    return nodes[::-1] if reverse else nodes


def breadth_once(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    seen, queue = {id(root)}, [root]
    for node in queue:
        engine.push(node)
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                queue.append(child)


def breadth_again(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    queue = [root]
    for node in queue:
        engine.push(node)
        queue += node.children


def append_outside(engine: Engine, root: Node) -> None:
    order: list[Node] = []
    seen: set[int] = set()

    def build(node: Node) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for child in node.children:
                build(child)
        order.append(node)

    build(root)
    root.grad = 1.0
    run_nodes(engine, reversed(order))


def stack_twice(engine: Engine, root: Node) -> None:
    order: list[Node] = []
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        seen.add(id(node))
        order.append(node)
        stack += [child for child in node.children if id(child) not in seen]
    root.grad = 1.0
    run_nodes(engine, order)


def stack_finished_twice(engine: Engine, root: Node) -> None:
    done: list[Node] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, is_finished = stack.pop()
        if is_finished:
            done.append(node)
        elif id(node) not in seen:
            stack.append((node, True))
            stack += [(child, False) for child in node.children]
            if not node.children:
                seen.add(id(node))
        if len(done) > MOST_VISITS:
            raise UnknownError
    root.grad = 1.0
    run_nodes(engine, reversed(done))


def stack_left_open(engine: Engine, root: Node) -> None:
    topo: list[Node] = []
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack[-1]
        if id(node) in seen:
            topo.append(stack.pop())
        else:
            seen.add(id(node))
            stack += [child for child in node.children if id(child) not in seen]
    root.grad = 1.0
    run_nodes(engine, reversed(topo))


def seen_when_pushed(engine: Engine, root: Node) -> None:
    """The search marks a node when it pushes it. So a node may finish after one of its users."""
    done: list[Node] = []
    seen = {id(root)}
    stack = [(root, False)]
    while stack:
        node, is_finished = stack.pop()
        if is_finished:
            done.append(node)
            continue
        stack.append((node, True))
        for child in node.children:
            if id(child) not in seen:
                seen.add(id(child))
                stack.append((child, False))
    root.grad = 1.0
    run_nodes(engine, reversed(done))


def users_counted_once(engine: Engine, root: Node) -> None:
    _count_users(engine, root, last=False)


def users_counted_once_last_first(engine: Engine, root: Node) -> None:
    _count_users(engine, root, last=True)


def _count_users(engine: Engine, root: Node, *, last: bool) -> None:
    """Each user of a node counts once, and is counted down once for each operand that it has."""
    users = Counter(id(child) for node in find_nodes(root) for child in set(node.children))
    root.grad = 1.0
    ready = [root]
    while ready:
        node = ready.pop() if last else ready.pop(0)
        engine.push(node)
        for operand in node.operands:
            users[id(operand)] -= 1
            if not users[id(operand)]:
                ready.append(operand)
