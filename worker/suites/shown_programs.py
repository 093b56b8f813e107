"""Programs as reports show them: the graph of a case, then an assertion for each number.

A program that is pasted after the student's class agrees with the verdict: it raises AssertionError
if a number is wrong, and nothing if all are right. An assertion says `== 8` where every correct
engine has exactly 8, and allows for rounding elsewhere. Its message is the number that the engine
has.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from worker.graph import Constant, Graph, Leaf, Update
from worker.report.model import Check, Quantity
from worker.report.numbers import round_up, show

DEEP = 200  # steps; an engine may need two calls for each, and Python allows 1,000
RECURSION = "import sys\nsys.setrecursionlimit(100_000)  # the graph is deep"
OWN_SLOPE = "Each gradient must be the slope of your own forward pass, by central differences."
EXACT_OPERATIONS = frozenset({"+", "-", "*", "neg", "+=", "-=", "*="})
EXACT_BITS = 24  # single precision has all whole numbers of this many bits
WIDEST = 72  # characters of a line with a message, so that terminals don't wrap it
NEAR = 1e-9  # relative; how close an accepted answer is met


def write_program(
    graph: Graph,
    checks: Sequence[Check],
    *,
    exact: bool,
    optional: Collection[str] = (),
    accepted: str = "",
    comment: str = "",
) -> str:
    """Returns the program of a graph with an assertion for each check, values first.

    `exact` is the result of `is_exact`. The gradients of the nodes in `optional` may be None.
    `accepted` is the sentence about an accepted answer: its numbers are asserted then. The values
    of leaves are left out, unless they are wrong.
    """
    lines = _write_steps(graph, checks)
    lines += [f"# {text}" for text in (comment, accepted) if text]
    shown = [check for check in checks if not (check.passed and is_leaf_value(graph, check))]
    for check in sorted(shown or checks, key=lambda check: check.quantity is Quantity.GRAD):
        name = f"{_spell(check.node)}.{check.quantity}"
        if accepted and not check.passed:
            lines.append(_assert_accepted(name, check.actual))
        else:
            lines += _assert_expected(name, check, exact, check.node in optional)
    return "\n".join(lines)


def write_question(graph: Graph, checks: Sequence[Check]) -> str:
    """Returns the program of a graph that prints each number, where no number is wrong."""
    names = (f"{_spell(check.node)}.{check.quantity}" for check in checks)
    prints = (f'print("{name} is", {name})' for name in names)
    return "\n".join([*_write_steps(graph, checks), *prints])


def is_exact(graph: Graph) -> bool:
    """Whether no correct engine rounds any number of a graph: sums and products of short numbers.

    Every number is a sum of products of the leaves, so it is a multiple of a power of two. Floats
    have every multiple up to a certain size.
    """
    finest = 1  # the leaves are multiples of 1 / finest
    nodes: list[tuple[float, int]] = []  # how large each could be, and its degree in the leaves
    for step in graph.nodes:
        if isinstance(step, Update):
            return False
        operation, operands = (
            ("+", (Constant(step.number),))
            if isinstance(step, Leaf)
            else (step.operation, step.operands)
        )
        parts = []
        for operand in operands:
            if isinstance(operand, Constant):
                finest = max(finest, operand.number.as_integer_ratio()[1])
                parts.append((max(abs(operand.number), 1.0), 1))
            else:
                parts.append(nodes[operand])
        if operation.startswith("*"):
            node = math.prod(size for size, _ in parts), sum(degree for _, degree in parts)
        else:
            node = sum(size for size, _ in parts), max(degree for _, degree in parts)
        nodes.append(node)
        if operation not in EXACT_OPERATIONS or max(*node, finest) > 2**EXACT_BITS:
            return False
    most = max(size for size, _ in nodes)
    degree = max(degree for _, degree in nodes)
    # A gradient is at most `degree` times as large, and each backward may add it once more.
    bits = math.log2(most * degree * max(1, len(graph.outputs))) + degree * math.log2(finest)
    return bits <= EXACT_BITS


def _write_steps(graph: Graph, checks: Sequence[Check]) -> list[str]:
    """The lines of a graph's program without the assertions of the suite."""
    lines = [RECURSION] if len(graph.nodes) > DEEP else []
    collects = any(_spell(check.node) != check.node for check in checks)
    if collects:
        lines.append("outputs = []")
    for line in graph.program.splitlines():
        code = line.lstrip()
        if code.startswith("assert "):
            continue
        lines.append(line)
        if collects and code.endswith(".backward()"):
            indent = line[: len(line) - len(code)]
            lines.append(f"{indent}outputs.append({code.removesuffix('.backward()')})")
    return lines


def _spell(node: str) -> str:
    """The Python expression of a node: its name, or `outputs[0]` for `output 1`."""
    kind, _, number = node.partition(" ")
    return f"outputs[{int(number) - 1}]" if kind == "output" and number else node


def is_leaf_value(graph: Graph, check: Check) -> bool:
    """Whether a check is of the number that a leaf was made with."""
    node = graph.names.get(check.node)
    is_data = check.quantity is Quantity.DATA
    return is_data and node is not None and isinstance(graph.nodes[node], Leaf)


def _assert_expected(name: str, check: Check, exact: bool, optional: bool) -> list[str]:
    if check.actual is None and check.passed:  # to read it may raise an exception
        return [f"# {name} may be 0 or None: backward doesn't reach {check.node}."]
    lines = [f"assert {name} is not None"] if check.actual is None else []
    if optional:
        condition = f"{name} in ({_write(check.expected)}, None)"
    elif not check.tolerance or (exact and (check.actual == check.expected or not check.passed)):
        condition = f"{name} == {_write(check.expected)}"
    else:
        condition = _is_near(name, check.expected, check.tolerance)
    assertion = f"assert {condition}"
    message = f", {name}"
    return [*lines, assertion + message if len(assertion + message) <= WIDEST else assertion]


def _assert_accepted(name: str, actual: float | None) -> str:
    if actual is None:
        return f"assert {name} is None, {name}"
    return f"assert {_is_near(name, actual, NEAR * max(1, abs(actual)))}, {name}"


def _is_near(name: str, number: float, tolerance: float) -> str:
    written = _write(number)
    subtracted = f"({written})" if written.startswith("-") else written
    written_tolerance = round_up(tolerance) if math.isfinite(tolerance) else _write(tolerance)
    return f"abs({name} - {subtracted}) <= {written_tolerance}"


def _write(number: float) -> str:
    return show(number) if math.isfinite(number) else f"float('{number}')"
