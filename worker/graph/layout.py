"""Where the boxes of a drawing stand, and how its arrows run.

Only this module knows the library that computes it. The same graph always gives the same layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import graphlay

Point = tuple[float, float]  # x grows to the right, y downwards

GAP_BETWEEN_LAYERS, GAP_BETWEEN_BOXES, GAP_BETWEEN_ARROWS = 44.0, 22.0, 12.0
CLEARANCE = 6.0  # between an arrow and a box that it passes
MOST_BOXES = 60  # the time grows with the cube of their number


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Positions in the units of the sizes. Everything lies between (0, 0) and (width, height).

    `centres` has the centre of each box, and `arrows` the points of each edge, from the border of
    one box to the border of the other.
    """

    width: float
    height: float
    centres: tuple[Point, ...]
    arrows: tuple[tuple[Point, ...], ...]


def arrange(sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]) -> Layout:
    """Lays out boxes in layers from left to right.

    `sizes` has the width and height of each box, and `edges` pairs of positions in it, without a
    cycle. An edge that is there twice is drawn twice. Raises ValueError above MOST_BOXES.

    >>> arrange([(60, 40), (60, 40)], [(0, 1)]).centres
    ((30.0, 20.0), (134.0, 20.0))
    """
    if len(sizes) > MOST_BOXES:
        raise ValueError(f"{len(sizes)} boxes are too many to draw; fold some of them")
    drawn = _compute(sizes, edges, CLEARANCE)
    if not _ends_at_boxes(drawn, sizes, edges):
        drawn = _compute(sizes, edges, 0.0)
    arrows = [[(each["x"], each["y"]) for each in edge["points"]] for edge in drawn.edges]
    centres = [(node["center"]["x"], node["center"]["y"]) for node in drawn.nodes]
    corners = [
        corner
        for (x, y), (width, height) in zip(centres, sizes, strict=True)
        for corner in ((x - width / 2, y - height / 2), (x + width / 2, y + height / 2))
    ]
    points = [*corners, *(point for arrow in arrows for point in arrow)]
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    right, bottom = (max(point[axis] for point in points) for axis in (0, 1))

    def move(point: Point) -> Point:
        return point[0] - left, point[1] - top

    return Layout(
        width=right - left,
        height=bottom - top,
        centres=tuple(map(move, centres)),
        arrows=tuple(tuple(map(move, arrow)) for arrow in arrows),
    )


def _compute(
    sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]], clearance: float
) -> graphlay.Layout:
    """The library's layout, with so much room above and below each box.

    Without that room, an arrow from a high box may run along the border of a low one.
    """
    graph = graphlay.Graph()
    for width, height in sizes:
        graph.node(width=width, height=height + 2 * clearance)
    for source, target in edges:
        graph.edge(source, target)
    spacing = {
        "layer_gap": GAP_BETWEEN_LAYERS,
        "node_gap": GAP_BETWEEN_BOXES - 2 * clearance,
        "port_gap": GAP_BETWEEN_ARROWS,
    }
    return graphlay.layout(graph, options={"spacing": spacing})


def _ends_at_boxes(
    drawn: graphlay.Layout, sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]]
) -> bool:
    """Whether no arrow begins or ends in the room above or below its box."""
    return all(
        abs(point["y"] - drawn.nodes[box]["center"]["y"]) < sizes[box][1] / 2
        for ends, edge in zip(edges, drawn.edges, strict=True)
        for box, point in zip(ends, (edge["points"][0], edge["points"][-1]), strict=True)
    )
