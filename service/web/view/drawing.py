"""A graph with its numbers, as values to draw and as steps to read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from service.web.view.focus import FIRST, Focus
from worker.graph import IN_PLACE, Apply, Constant, Graph, Leaf, Operand, Update
from worker.report.model import Check, Quantity
from worker.report.numbers import shorten, show, show_shortly

MOST_NODES = 40  # of a drawing; the rest is folded into one box, or a few
AT_THE_START = 20  # nodes before the folded ones
AROUND_FOCUS = 3  # nodes that aren't folded: the one to look at first, and its operands
MOST_STEPS = 3 * MOST_NODES  # of the text next to the drawing
LONGEST = 28  # characters of an operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A value or a gradient in a box. `yours` is the engine's own number where it is wrong."""

    quantity: Quantity
    right: str
    yours: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box: a node's name, the operation that made it, and its numbers.

    `operands` are positions in the drawing. A folded box stands for `folded` nodes. `mark` says
    why a reader should look here first, such as `used twice`.
    """

    name: str
    operation: str
    operands: tuple[int, ...] = ()
    numbers: tuple[Number, ...] = ()
    folded: int = 0
    mark: str = ""

    @property
    def wrong(self) -> bool:
        """Whether the engine has a wrong number here."""
        return any(number.yours is not None for number in self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the forward or the backward pass, in words.

    `remark` says why a reader should look here first; it's empty for all steps but one.
    """

    text: str
    wrong: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A graph to draw. Every operand stands before its users.

    `wrong` has the names of all nodes with a wrong number, and `focus` a sentence about the marked
    one. `more_steps` says how many steps are left out of `steps`. `theirs`: the engine isn't the
    reader's own.
    """

    title: str
    nodes: tuple[Node, ...]
    wrong: tuple[str, ...] = ()
    focus: str = ""
    steps: tuple[Step, ...] = ()
    more_steps: int = 0
    theirs: bool = False

    @property
    def description(self) -> str:
        """A few sentences about the whole drawing."""
        count = sum(node.folded or 1 for node in self.nodes)
        nodes = "1 node" if count == 1 else f"{count} nodes"
        if not self.wrong:
            return f"A graph of {nodes}."
        more = f" and {len(self.wrong) - 3} more" if len(self.wrong) > 3 else ""
        whose = "The engine's" if self.theirs else "Your"
        differ = f"{whose} numbers differ at {', '.join(self.wrong[:3])}{more}."
        return " ".join(filter(None, (f"A graph of {nodes}.", differ, self.focus)))


def draw_graph(
    title: str,
    graph: Graph,
    checks: Sequence[Check],
    *,
    data: Sequence[float | None],
    grad: Sequence[float | None],
    focus: Focus | None = None,
    theirs: bool = False,
) -> Drawing:
    """Returns the drawing of a graph with the checks of a case.

    `data` and `grad` have the right numbers of each node, and None for one that isn't shown. Where
    a check compares with another number, that one is shown. `focus` is the node to mark, if any.
    `theirs`: it isn't the reader's engine.
    """
    names = {node: name for name, node in graph.names.items()}
    compared = {(check.node, check.quantity): check for check in checks}
    texts = _Texts(graph, names)
    nodes = tuple(
        Node(
            name=names.get(index, ""),
            operation=texts.operation(index),
            operands=_find_operands(step),
            numbers=tuple(_list_numbers(names.get(index), compared, data[index], grad[index])),
            mark=focus.mark if focus and focus.node == index else "",
        )
        for index, step in enumerate(graph.nodes)
    )
    kept = (focus.node, *nodes[focus.node].operands) if focus else ()
    folded = _find_folded(len(nodes), kept)
    steps = _remark(_list_steps(nodes, folded, texts, theirs), focus, texts)[:MOST_STEPS]
    return Drawing(
        title=title,
        nodes=_fold(nodes, folded),
        wrong=tuple(texts.name(index) for index, node in enumerate(nodes) if node.wrong),
        focus=focus.describe(texts.name(focus.node)) if focus else "",
        steps=tuple(steps),
        more_steps=sum(len(node.numbers) for node in nodes) - len(steps),
        theirs=theirs,
    )


class _Texts:
    """How nodes and operations are written."""

    def __init__(self, graph: Graph, names: Mapping[int, str]) -> None:
        self._steps, self._names = graph.nodes, names

    def name(self, index: int) -> str:
        """A node's name; an unnamed node is written as its operation."""
        return self._names.get(index) or f"({self.operation(index)})"

    def operation(self, index: int) -> str:
        """What made a node, such as `x1 * x2`; at most LONGEST characters."""
        text = self._write(self._steps[index], depth=2)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"

    def _write(self, step: Leaf | Apply | Update, depth: int) -> str:
        if isinstance(step, Leaf):
            return f"Value({show(step.number)})"
        if isinstance(step, Update):
            return f"{self._operand(step.node, depth)} - {show(step.rate)} * grad"
        first, *others = step.operands
        if others:
            sign = (
                step.operation.removesuffix("=") if step.operation in IN_PLACE else step.operation
            )
            return f"{self._operand(first, depth)} {sign} {self._operand(others[0], depth)}"
        if step.operation == "neg":
            return f"-{self._operand(first, depth)}"
        return f"{step.operation}({self._operand(first, depth, alone=True)})"

    def _operand(self, operand: Operand, depth: int, *, alone: bool = False) -> str:
        """An operand; in parentheses if it's an operation, unless it stands `alone`."""
        if isinstance(operand, Constant):
            return show(operand.number)
        if name := self._names.get(operand):
            return name
        if not depth:
            return "\N{MIDDLE DOT}"
        text = self._write(self._steps[operand], depth - 1)
        return text if alone else f"({text})"


def _find_operands(step: Leaf | Apply | Update) -> tuple[int, ...]:
    if isinstance(step, Leaf):
        return ()
    if isinstance(step, Update):
        return (step.node,)
    return tuple(operand for operand in step.operands if isinstance(operand, int))


def _list_numbers(
    name: str | None,
    compared: Mapping[tuple[str, Quantity], Check],
    data: float | None,
    grad: float | None,
) -> Iterator[Number]:
    for quantity, right in ((Quantity.DATA, data), (Quantity.GRAD, grad)):
        check = compared.get((name or "", quantity))
        if check is not None and not check.passed:
            yield _contrast(quantity, check.expected, check.actual)
        elif check is not None and check.expected is not None:
            yield Number(quantity=quantity, right=_write(check.expected))
        elif right is not None:
            yield Number(quantity=quantity, right=_write(right))


def _contrast(quantity: Quantity, right: float | None, yours: float | None) -> Number:
    """Both numbers, with as many digits as they need to differ."""
    if right is None or yours is None:
        return Number(quantity=quantity, right=_write(right), yours=_write(yours))
    shown = shorten(right, yours)
    return Number(quantity=quantity, right=shown[0], yours=shown[1])


def _write(number: float | None) -> str:
    return "none" if number is None else show_shortly(number)


def _list_steps(
    nodes: Sequence[Node], folded: Sequence[range], texts: _Texts, theirs: bool
) -> Iterator[tuple[int, Quantity, Step]]:
    """The forward pass in order of execution, then the backward pass from the output.

    Each step has its node and its quantity. Of a folded node only what is wrong is listed.
    """
    hidden = frozenset(index for run in folded for index in run)
    forward, backward = range(len(nodes)), range(len(nodes) - 1, -1, -1)
    for quantity, order in ((Quantity.DATA, forward), (Quantity.GRAD, backward)):
        for index in order:
            node = nodes[index]
            for number in node.numbers:
                wrong = number.yours is not None
                if number.quantity is quantity and (wrong or index not in hidden):
                    subject = _name_step(node, texts.name(index), quantity)
                    yield index, quantity, Step(text=_say(subject, number, theirs), wrong=wrong)


def _remark(
    listed: Iterator[tuple[int, Quantity, Step]], focus: Focus | None, texts: _Texts
) -> list[Step]:
    """The steps, one with a remark: the gradient of a shared node, or else the first wrong one."""
    steps = list[Step]()
    found = False
    for index, quantity, step in listed:
        if focus is not None and focus.uses:
            remark = focus.describe(texts.name(index))
            is_it = index == focus.node and quantity is Quantity.GRAD
        else:
            remark = f"{FIRST.capitalize()} here."
            is_it = step.wrong and not found
        found = found or is_it
        steps.append(replace(step, remark=remark) if is_it else step)
    return steps


def _name_step(node: Node, name: str, quantity: Quantity) -> str:
    if quantity is Quantity.GRAD:
        return f"The gradient of {name}"
    return f"{node.name} = {node.operation}" if node.name else node.operation


def _say(subject: str, number: Number, theirs: bool) -> str:
    if number.yours is None:
        return f"{subject} is {number.right}."
    whose = "The engine's" if theirs else "Yours"
    return f"{subject} should be {number.right}. {whose} is {number.yours}."


def _find_folded(count: int, kept: Sequence[int]) -> tuple[range, ...]:
    """The nodes in the middle that are folded, if there are too many: a range for each box.

    Those that are `kept` are drawn, each between the boxes of the nodes before and after it.
    """
    if count <= MOST_NODES:
        return ()
    start, end = AT_THE_START, count - (MOST_NODES - AT_THE_START - 1)
    if any(start <= index < end for index in kept):
        start -= 2 * AROUND_FOCUS  # each of them may need one more box
    inside = sorted({index for index in kept if start <= index < end})
    gaps = pairwise([start - 1, *inside, end])
    return tuple(range(low + 1, high) for low, high in gaps if high - low > 2)


def _fold(nodes: Sequence[Node], folded: Sequence[range]) -> tuple[Node, ...]:
    """Folds nodes in the middle of a large graph into boxes.

    Nodes stand in order of execution, so no arrow leads from a box to a node before it.
    """
    boxes = {run.start: run for run in folded}
    drawn: list[Node] = []
    places: dict[int, int] = {}  # of each node in the drawing
    for index, node in enumerate(nodes):
        if index in places:
            continue
        run = boxes.get(index)
        inside = nodes[run.start : run.stop] if run else (node,)
        own = range(index, index + len(inside))
        used = (operand for one in inside for operand in one.operands if operand not in own)
        operands = tuple(places[operand] for operand in used)
        if run:
            wrong = sum(one.wrong for one in inside)
            node = Node(
                name=f"{len(run)} more nodes",
                operation=f"{wrong} of them wrong" if wrong else "not drawn",
                operands=tuple(sorted(set(operands))),
                folded=len(run),
            )
        else:
            node = replace(node, operands=operands)
        places |= dict.fromkeys(own, len(drawn))
        drawn.append(node)
    return tuple(drawn)
