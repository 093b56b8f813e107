"""Ways to visit a part of the nodes, or nodes of other graphs too."""

from __future__ import annotations

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.traversal.sorting import run_nodes, sort_nodes

SEEDED = "seeded"


def single_parent(engine: Engine, root: Node) -> None:
    """Every node knows the last of its users alone, and asks it when its gradient is read."""
    root.extra = SEEDED
    pull(engine)


def pull(engine: Engine) -> None:
    """Computes the gradients of nodes that ask their last user."""
    for node in engine.nodes:
        node.grad = 1.0 if node.extra == SEEDED else 0.0
    users = _find_users(engine)
    for node in reversed(engine.nodes):
        for i, operand in enumerate(node.operands):
            is_last = users[id(operand)][-1] is node and operand.extra != SEEDED
            if is_last and operand not in node.operands[i + 1 :]:
                engine.push_one(node, i)


def _find_users(engine: Engine) -> dict[int, list[Node]]:
    """The nodes that were made of each node, by its id, once for each use."""
    users: dict[int, list[Node]] = {id(node): [] for node in engine.nodes}
    for node in engine.nodes:
        for operand in node.operands:
            users[id(operand)].append(node)
    return users


def _levels(engine: Engine, root: Node, depth: int) -> None:
    root.grad = 1.0
    level = [root]
    for _ in range(depth):
        below: list[Node] = []
        for node in level:
            engine.push(node)
            below += [child for child in node.children if child not in below]
        level = below


def one_step(engine: Engine, root: Node) -> None:
    _levels(engine, root, 1)


def two_steps(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    engine.push(root)
    run_nodes(engine, root.children)


def three_levels(engine: Engine, root: Node) -> None:
    _levels(engine, root, 3)


def left_only(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    node: Node | None = root
    while node is not None:
        engine.push(node)
        node = node.children[0] if node.children else None


def youngest_only(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    node: Node | None = root
    while node is not None:
        engine.push(node)
        node = max(node.children, key=lambda one: one.made) if node.children else None


def deepest_only(engine: Engine, root: Node) -> None:
    heights: dict[int, int] = {}
    for one in reversed(sort_nodes(engine, root)):
        below = [heights.get(id(child), 0) for child in one.children]
        heights[id(one)] = 1 + max(below, default=-1)
    root.grad = 1.0
    node: Node | None = root
    while node is not None:
        engine.push(node)
        below_it = node.children
        node = max(below_it, key=lambda one: heights.get(id(one), 0)) if below_it else None


def nothing(_: Engine, root: Node) -> None:
    root.grad = 1.0


def order_kept(engine: Engine, root: Node) -> None:
    known = {id(node) for node in engine.kept}
    new = [node for node in sort_nodes(engine, root) if id(node) not in known]
    engine.kept = [*new, *engine.kept]
    root.grad = 1.0
    run_nodes(engine, engine.kept)


def tape_kept(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    run_nodes(engine, reversed(engine.nodes))


def on_the_operand(engine: Engine, root: Node) -> None:
    nodes = sort_nodes(engine, root)
    root.grad = 1.0
    for node in nodes:
        if isinstance(node.extra, Node):
            engine.push(node.extra)


def counted_forward(engine: Engine, root: Node) -> None:
    uses = {node: len(users) for node, users in _find_users(engine).items()}
    root.grad = 1.0
    ready = [root]
    while ready:
        node = ready.pop()
        engine.push(node)
        for operand in node.operands:
            uses[id(operand)] -= 1
            if not uses[id(operand)]:
                ready.append(operand)


def waits_for_users(engine: Engine, root: Node) -> None:
    done: set[int] = set()
    users = _find_users(engine)
    root.grad = 1.0

    def share(node: Node) -> None:
        done.add(id(node))
        engine.push(node)
        for operand in node.operands:
            if id(operand) not in done and done.issuperset(map(id, users[id(operand)])):
                share(operand)

    share(root)
