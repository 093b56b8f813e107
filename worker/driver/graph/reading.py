"""The numbers and gradients that are read from a graph's nodes once it has been computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import AbsentError, MissingModuleError, RefusedError
from worker.driver.base.messages import kind_of, traceback_of
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.graph.engine import Engine, GraphRun, Step
from worker.driver.node.numbers import Node, to_number
from worker.driver.node.positions import attributes_of

ABSENT = object()  # stands for a gradient that a node has no attribute for
MOST_ATTRIBUTES = 8
MOST_LETTERS = 30  # of an attribute's name
UNCLEAR = "{} returned {}, in which we found no gradient. Keep each gradient in its node's .{}."
SAY_IT = "If the gradient has another name, say `# chainrule: grad=NAME` in the file."


def read_numbers(
    nodes: list[Node],
    reads: Sequence[Any],
    steps: Sequence[Step],
    engine: Engine,
    run: GraphRun,
) -> list[float | None]:
    """The numbers that a question asks for. `reads` has a node's index, a part and a label each.

    An engine may keep no gradient for some nodes, but not for all. A gradient may raise an
    exception if backward didn't reach its node; it then counts as None.
    """
    numbers: list[Any] = []
    read_data, read_gradient = engine.numbers.read, run.read_gradient
    for node, part, label in reads:
        try:  # as in `read_number`, whose call would take longer than this
            value = read_data(nodes[node]) if part == "data" else read_gradient(nodes[node])
            is_float = type(value) is float
            numbers.append(value if is_float else to_number(value, label, engine.numbers))
        except Exception as error:
            if _is_absence(error):
                numbers.append(_stand_in_for_absent(nodes[node], part, engine))
                continue
            means_none = part != "data" and not isinstance(
                error, (RefusedError, MissingModuleError, MemoryError, RecursionError)
            )
            if not means_none or node in _find_reached(steps):
                raise
            numbers.append(None)
    absent = [n is ABSENT for n, (_, part, _) in zip(numbers, reads, strict=True) if part == "grad"]
    if absent and all(absent):
        node = next(nodes[node] for node, part, _ in reads if part == "grad")
        made = (step for step in steps if step[0] != "backward")
        leaves = ((n, s[1]) for n, s in zip(nodes, made, strict=False) if s[0] == "leaf")
        leaf, number = next(((n, number) for n, number in leaves if n is not None), (None, 0))
        new = None if leaf is None else attempt(run.make, number)
        raise RefusedError(UNSUPPORTED, _explain_absent(kind_of(node), leaf, new, engine, run))
    return [None if number is ABSENT else number for number in numbers]


def _explain_absent(kind: str, leaf: Node, new: Node, engine: Engine, run: GraphRun) -> str:
    """Says that nodes have no gradient, and which attributes of a leaf backward has changed.

    `new` is a leaf of the same number that backward hasn't seen.
    """
    name, backward, returned = engine.gradients.shown, engine.backward.shown, run.returned
    if not name.isidentifier():
        return f"{kind} has no gradient {name}."
    lack = f"{kind} has no attribute {name}."
    if isinstance(returned, (list, tuple, dict, set)) or type(returned) in (int, float):
        return f"{lack} {UNCLEAR.format(backward, kind_of(returned), name)}"
    after, before = _numbers_of(leaf, engine), _numbers_of(new, engine)
    changed = [n for n, number in after.items() if number not in (None, before.get(n))]
    listed = ", ".join((changed or list(after))[:MOST_ATTRIBUTES])
    if changed:
        return f"{lack} {backward} changed {listed}. {SAY_IT}"
    return f"{lack} {f'Its other numbers: {listed}. ' if listed else ''}{SAY_IT}"


def _numbers_of(node: Node, engine: Engine) -> dict[str, float | None]:
    """The attributes of a node that are numbers or None, without that of its own number."""
    names = [n for n in attributes_of(node) if n != engine.numbers.shown and len(n) <= MOST_LETTERS]
    read = {n: attempt(to_number, attributes_of(node)[n], "", engine.numbers) for n in names}
    return {n: number for n, number in read.items() if number is not FAILED}


def _find_reached(steps: Sequence[Step]) -> set[int]:
    """The nodes that backward ran from, and those that they are made of."""
    made = [step for step in steps if step[0] != "backward"]
    reached = {n for step in steps if step[0] == "backward" for n in nodes_in(step)}
    for node in range(len(made) - 1, -1, -1):
        if node in reached and made[node][0] not in ("leaf", "update"):
            reached.update(nodes_in(made[node]))
    return reached


def nodes_in(step: Step) -> list[int]:
    """The nodes that a step uses. `~node` stands for a node that is used for the last time."""
    return [o if o >= 0 else ~o for o in step[1:] if type(o) is int]


def read_number(node: Node, part: str, label: str, engine: Engine, run: GraphRun) -> Any:
    """The node's data or grad as a float, None for None, ABSENT if it has no gradient.

    Raises RefusedError if it has no number or something else in its place.
    """
    try:
        value = engine.numbers.read(node) if part == "data" else run.read_gradient(node)
    except AttributeError as error:
        if not _is_absence(error):
            raise
        return _stand_in_for_absent(node, part, engine)
    return to_number(value, label, engine.numbers)


def _is_absence(error: Exception) -> bool:
    """Whether a node has no such attribute. The student's own code may raise it, in a property."""
    if not isinstance(error, AttributeError):
        return False
    return type(error) is AbsentError or traceback_of(error).tb_next is None


def _stand_in_for_absent(node: Node, part: str, engine: Engine) -> Any:
    """ABSENT for a gradient. Raises RefusedError for a value."""
    if part == "grad":
        return ABSENT
    lack = f"{kind_of(node)} has no attribute {engine.numbers.shown}."
    raise RefusedError(UNSUPPORTED, lack) from None
