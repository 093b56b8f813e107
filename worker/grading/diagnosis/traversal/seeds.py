"""Right orders with wrong starts, and with gradients that are kept in a wrong way."""

from __future__ import annotations

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.shares import refuse_other_operands
from worker.grading.diagnosis.traversal.sorting import run_nodes, sort_nodes


def topological(engine: Engine, root: Node) -> None:
    if engine.model.identity == "gradients by value":
        by_value(engine, root)
        return
    if engine.model.accumulation == "shared":
        one_buffer(engine, root)
        return
    if engine.model.accumulation == "aliased":
        aliased(engine, root)
        return
    root.grad = 1.0
    run_nodes(engine, sort_nodes(engine, root))


def by_value(engine: Engine, root: Node) -> None:
    """Gradients are kept by number. A tape has all nodes, whether the root needs them or not."""
    is_tape = engine.model.order == "tape"
    nodes = engine.nodes[engine.read :][::-1] if is_tape else sort_nodes(engine, root)
    engine.read = len(engine.nodes)
    flow = {root.data: 1.0}
    for node in nodes:
        kept = [one.grad for one in node.operands]
        node.grad = flow.get(node.data, 0.0)
        for one in node.operands:
            one.grad = 0.0
        if len(node.operands) == 2 and node.operands[0] is node.operands[1]:
            engine.push(node)
            share = node.operands[0].grad
            flow[node.operands[0].data] = flow.get(node.operands[0].data, 0.0) + share
        else:
            engine.push(node)
            for one in node.operands:
                flow[one.data] = flow.get(one.data, 0.0) + one.grad
        for one, grad in zip(node.operands, kept, strict=True):
            one.grad = grad
    for node in nodes:
        for one in (node, *node.operands):
            one.grad = flow.get(one.data, 0.0)


def one_buffer(engine: Engine, root: Node) -> None:
    """All nodes have one gradient, the default of a parameter."""
    buffer = 1.0
    nodes = sort_nodes(engine, root)
    for node in nodes:
        rule = node.rule
        if rule is None:
            continue
        refuse_other_operands(node, rule)
        first, last = node.operands[0], node.operands[-1]
        for i, slope in enumerate(rule.slopes):
            g = buffer
            buffer += g * slope(first.data, last.data, node.numbers, node.data, g, g, g)
            del i
    for node in engine.nodes:
        node.grad = buffer


def aliased(engine: Engine, root: Node) -> None:
    """A sum hands on its own buffer, so a later share is added to that one too."""
    buffers: dict[int, list[float]] = {id(root): [1.0]}
    nodes = sort_nodes(engine, root)
    for node in nodes:
        rule, own = node.rule, buffers.get(id(node))
        if rule is None or own is None:
            continue
        refuse_other_operands(node, rule)
        first, last = node.operands[0], node.operands[-1]
        shares = []
        for slope in rule.slopes:
            factor = slope(first.data, last.data, node.numbers, node.data, own[0], 0.0, 0.0)
            shares.append((factor, node))
        is_sum = len(shares) == 2 and all(
            type(factor) is int and factor == 1 for factor, _ in shares
        )
        for (factor, _), operand in zip(shares, node.operands, strict=True):
            share = own if is_sum else [factor * own[0]]
            if id(operand) in buffers:
                buffers[id(operand)][0] += share[0]
            else:
                buffers[id(operand)] = share
    for node in nodes:
        node.grad = buffers.get(id(node), [0.0])[0]


def unseeded(engine: Engine, root: Node) -> None:
    run_nodes(engine, sort_nodes(engine, root))


def shadowed(engine: Engine, root: Node) -> None:
    if root.rule is None:
        root.grad = 1.0
    engine.push(root)


def seeded_after(engine: Engine, root: Node) -> None:
    run_nodes(engine, sort_nodes(engine, root))
    root.grad = 1.0


def seeded_with_data(engine: Engine, root: Node) -> None:
    root.grad = root.data
    run_nodes(engine, sort_nodes(engine, root))


def seeded_with_minus_one(engine: Engine, root: Node) -> None:
    root.grad = -1.0
    run_nodes(engine, sort_nodes(engine, root))


def seeded_where_zero(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    for node in sort_nodes(engine, root):
        node.grad = node.grad or 1.0
        engine.push(node)


def step_inside(engine: Engine, root: Node) -> None:
    root.grad = 1.0
    for node in sort_nodes(engine, root):
        engine.push(node)
        node.data -= 0.01 * node.grad
