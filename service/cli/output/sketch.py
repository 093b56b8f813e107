"""A small graph on a terminal: the output, and below each node its operands, in plain ASCII."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from service.cli.output import terminal
from service.feedback.visible_text import visible
from service.web.view.drawing import Drawing, Node
from worker.report.model import Quantity


def sketch(drawing: Drawing) -> Table:
    """The nodes of a drawing, a line each, with the right numbers and the engine's own.

    A node with several uses has its numbers once; each other use says that it is above.
    """
    table = terminal.plain_table("", "data", "grad", " ")
    for branch, position, is_first in _walk(drawing, len(drawing.nodes) - 1, "", "", set()):
        node = drawing.nodes[position]
        if not is_first:
            table.add_row(Text.assemble(branch, visible(node.name), (" (above)", "dim")))
            continue
        mark = f"<-- {visible(node.mark)}" if node.mark else ""
        table.add_row(
            Text.assemble(branch, (visible(node.name), "bold"), f" = {visible(node.operation)}"),
            _numbers(node, Quantity.DATA),
            _numbers(node, Quantity.GRAD),
            Text(mark, style="bold"),
        )
    return table


def _walk(
    drawing: Drawing, position: int, branch: str, below: str, seen: set[int]
) -> Iterator[tuple[str, int, bool]]:
    """Each use of a node from the output on: what stands left of it, and whether it's the first."""
    is_first = position not in seen
    seen.add(position)
    yield branch, position, is_first
    operands = drawing.nodes[position].operands if is_first else ()
    for place, operand in enumerate(operands, 1):
        is_last = place == len(operands)
        yield from _walk(
            drawing,
            operand,
            below + ("`-- " if is_last else "|-- "),
            below + ("    " if is_last else "|   "),
            seen,
        )


def _numbers(node: Node, quantity: Quantity) -> Text:
    parts = []
    for number in node.numbers:
        if number.quantity is quantity:
            parts.append(Text(number.right))
            if number.yours is not None:
                parts.append(Text(f", yours {visible(number.yours)}", style="bold red"))
    return Text.assemble(*parts)
