"""Graphs of counterexamples: a name for each node, and round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count

from worker.graph import IN_PLACE, Apply, Constant, Graph, Leaf, Number, Operand, parse
from worker.reference.engine import Evaluation, evaluate
from worker.suites.coincidences import find_coincidences

BEFORE = " before"  # ends the name of a node that an operation in place has replaced
NEW_NAMES = "uvwpqrstabcdefgh"
STEEP = frozenset({"tanh", "sigmoid", "exp", "sin", "cos"})  # of small numbers, please
# Numbers for the leaves, in order, then those for leaves that a steep function uses.
NUMBERS: tuple[tuple[tuple[Number, ...], tuple[Number, ...]], ...] = (
    ((3, 5, 2, 7, -2, 4), (0.5, 2, -0.5, 0.25)),
    ((2, 5, 3, 7, -2, 4), (0.5, 0.25, -0.5, 2)),
    ((3, -2, 5, 7, 2, 4), (2, 0.5, -0.5, 0.25)),
    ((-2, 3, 5, 7, 2, 4), (-0.5, 0.5, 0.25, 2)),
    ((5, 3, 7, 2, -2, 4), (0.25, 0.5, -0.5, 2)),
)


def find_used(graph: Graph, output: int) -> frozenset[int]:
    """Returns a node and all nodes that it depends on."""
    steps, used, pending = graph.nodes, set[int](), [output]
    while pending:
        node = pending.pop()
        step = steps[node]
        if node not in used and isinstance(step, Apply):
            pending += [one for one in step.operands if isinstance(one, int)]
        used.add(node)
    return frozenset(used)


def list_variants(graph: Graph) -> Iterator[tuple[Graph, Evaluation]]:
    """Yields a graph with round numbers, several times, then with its own; each with its answers.

    Every node has a name. Leaves with equal numbers keep equal numbers, and no other numbers are
    equal that were not before. Numbers that have no finite answer are left out.
    """
    leaves = {node: step.number for node, step in enumerate(graph.nodes) if isinstance(step, Leaf)}
    most = _count_coincidences(graph, evaluate(graph))
    for numbers in (*_list_round_numbers(graph, leaves), leaves):
        made = name_nodes(graph, numbers)
        right = evaluate(made)
        if not all(map(math.isfinite, (*right.data, *right.grad))):
            continue
        if numbers is leaves or _count_coincidences(made, right) <= most:
            yield made, right


def _count_coincidences(graph: Graph, right: Evaluation) -> int:
    return sum(not one.is_inherent for one in find_coincidences(graph, right.data))


def _list_round_numbers(
    graph: Graph, leaves: Mapping[int, Number]
) -> Iterator[Mapping[int, Number]]:
    steps = graph.nodes
    steep = frozenset[int]().union(
        *(
            find_used(graph, node)
            for node, step in enumerate(steps)
            if isinstance(step, Apply) and step.operation in STEEP
        )
    )
    for ordinary, small in NUMBERS:
        for keeps_signs in (False, True):
            pools = {True: iter(small), False: iter(ordinary)}
            chosen: dict[Number, Number] = {}
            for node, own in leaves.items():
                if own in chosen:
                    continue
                number = next(pools[node in steep], own)
                chosen[own] = type(number)(math.copysign(number, own)) if keeps_signs else number
            yield {node: chosen[own] for node, own in leaves.items()}


def name_nodes(graph: Graph, numbers: Mapping[int, Number]) -> Graph:
    """Returns the graph with these numbers of its leaves, one line and one name for each node.

    A node that an operation in place replaces has the name of its result; its own is free.
    """
    names = name_all(graph)
    lines = list[str]()
    for node, step in enumerate(graph.nodes):
        if isinstance(step, Apply):
            lines += _write(step, names[node], [_spell(one, names) for one in step.operands])
        else:
            lines.append(f"{names[node]} = Value({numbers[node]!r})")
    output = names[graph.outputs[-1]]
    return parse("\n".join([*lines, f"{output}.backward()"]))


def name_all(graph: Graph) -> list[str]:
    """Returns the names of all nodes, in order. Only nodes without one get a new name."""
    steps = graph.nodes
    named: dict[int, str] = {}
    for name, node in graph.names.items():
        named.setdefault(node, name)
    more = (f"{NEW_NAMES[0]}{number}" for number in count(1))
    free = (name for name in chain(NEW_NAMES, more) if name not in graph.names)
    names: list[str] = []
    for node in range(len(steps)):
        if node not in named:
            result = find_replacing(graph, node)
            named[node] = named[result] if result in named else next(free)
        names.append(named[node])
    return names


def find_replacing(graph: Graph, node: int) -> int | None:
    """The result of the operation in place that is the last use of a node, if there is one."""
    users = [
        (index, step)
        for index, step in enumerate(graph.nodes)
        if isinstance(step, Apply) and node in step.operands
    ]
    if users and users[-1][1].operation in IN_PLACE and users[-1][1].operands[0] == node:
        return users[-1][0]
    return None


def _spell(operand: Operand, names: Sequence[str]) -> str:
    return repr(operand.number) if isinstance(operand, Constant) else names[operand]


def _write(step: Apply, name: str, operands: Sequence[str]) -> Iterator[str]:
    first, *others = operands
    if step.operation in IN_PLACE:
        if first != name:
            yield f"{name} = {first}"
        yield f"{name} {step.operation} {others[0]}"
    elif others:
        left = f"({first})" if first.startswith("-") else first
        yield f"{name} = {left} {step.operation} {others[0]}"
    elif step.operation == "neg":
        yield f"{name} = -{first}"
    elif step.operation == "abs":
        yield f"{name} = abs({first})"
    else:
        yield f"{name} = {first}.{step.operation}()"
