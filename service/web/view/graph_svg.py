"""Where everything of a drawn graph stands, for the template that writes the SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.feedback.visible_text import visible
from service.web.view.drawing import Drawing, Node
from worker.graph.layout import Point, arrange

CHARACTER = 7.3  # the width of a character, in the drawing's units
HEADER, ROW, MARK, PADDING, RIM = 26, 20, 22, 10, 12
LEAST_WIDTH = 84
TIP = 7  # the length of an arrow's tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a box: `data` or `grad` and the right number, or `yours` or `theirs`.

    `wrong`: it is the engine's own.
    """

    y: float
    label: str
    number: str
    wrong: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node where it stands. `x` and `y` are its upper left corner.

    A `mark` is written in a strip along the lower side, from `mark_y` on.
    """

    x: float
    y: float
    width: float
    height: float
    name: str
    operation: str
    kind: str
    rows: tuple[Row, ...]
    mark: str
    mark_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPicture:
    """A drawn graph. `arrows` are paths of SVG, and `tips` the triangles at their ends."""

    title: str
    description: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    tips: tuple[str, ...]


def paint(drawing: Drawing) -> GraphPicture:
    """Returns the picture of a drawing. Text in it is safe to show, but not escaped for HTML."""
    whose = "theirs" if drawing.theirs else "yours"
    sizes = [_measure(node, whose) for node in drawing.nodes]
    edges = [(source, user) for user, node in enumerate(drawing.nodes) for source in node.operands]
    layout = arrange(sizes, edges)
    boxes = tuple(
        _place(node, centre, size, whose)
        for node, centre, size in zip(drawing.nodes, layout.centres, sizes, strict=True)
    )
    return GraphPicture(
        title=visible(drawing.title),
        description=visible(drawing.description),
        width=round(layout.width + 2 * RIM, 1),
        height=round(layout.height + 2 * RIM, 1),
        boxes=boxes,
        arrows=tuple("M" + " L".join(_write(point) for point in arrow) for arrow in layout.arrows),
        tips=tuple(_point_at(*arrow[-2:]) for arrow in layout.arrows),
    )


def _measure(node: Node, whose: str) -> tuple[float, float]:
    """The width and height of a node's box."""
    rows = [len(f"{label}  {number}") for label, number, _ in _list_rows(node, whose)]
    header = len(node.name) + len(node.operation) + 2 * bool(node.name)
    width = max(LEAST_WIDTH, CHARACTER * max([header, len(node.mark), *rows]) + 2 * PADDING)
    height = HEADER + ROW * len(rows) + (PADDING if rows else 0) + (MARK if node.mark else 0)
    return round(width, 1), height


def _list_rows(node: Node, whose: str) -> Iterator[tuple[str, str, bool]]:
    for number in node.numbers:
        yield str(number.quantity), number.right, False
        if number.yours is not None:
            yield whose, visible(number.yours), True


def _place(node: Node, centre: Point, size: tuple[float, float], whose: str) -> Box:
    left, top = centre[0] - size[0] / 2 + RIM, centre[1] - size[1] / 2 + RIM
    return Box(
        x=round(left, 1),
        y=round(top, 1),
        width=size[0],
        height=size[1],
        name=visible(node.name),
        operation=visible(node.operation),
        kind="folded" if node.folded else "wrong" if node.wrong else "right",
        mark=node.mark,
        mark_y=round(top + size[1] - MARK, 1),
        rows=tuple(
            Row(
                y=round(top + HEADER + ROW * (index + 0.5), 1),
                label=label,
                number=number,
                wrong=wrong,
            )
            for index, (label, number, wrong) in enumerate(_list_rows(node, whose))
        ),
    )


def _write(point: Point) -> str:
    return f"{point[0] + RIM:.1f} {point[1] + RIM:.1f}"


def _point_at(before: Point, end: Point) -> str:
    """A triangle that ends at a point and comes from another, left of it, above or below."""
    along = [(end[axis] > before[axis]) - (end[axis] < before[axis]) for axis in (0, 1)]
    x, y = end[0] + RIM, end[1] + RIM
    back = x - TIP * along[0], y - TIP * along[1]
    aside = TIP / 2 * along[1], TIP / 2 * along[0]
    corners = [
        (x, y),
        (back[0] - aside[0], back[1] - aside[1]),
        (back[0] + aside[0], back[1] + aside[1]),
    ]
    return " ".join(f"{corner[0]:.1f},{corner[1]:.1f}" for corner in corners)
