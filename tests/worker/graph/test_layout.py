"""The layout of a drawing: layers from left to right, nothing overlaps, always the same."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.graph.layout import CLEARANCE, MOST_BOXES, Point, arrange


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """Sizes of boxes, and edges from earlier to later ones; some edges are there twice."""
    sizes = draw(
        st.lists(st.tuples(st.integers(40, 240), st.integers(26, 130)), min_size=1, max_size=12)
    )
    edges = [
        (draw(st.integers(0, user - 1)), user)
        for user in range(1, len(sizes))
        for _ in range(draw(st.integers(0, 2)))
    ]
    return [(float(width), float(height)) for width, height in sizes], edges


def is_on_border(point: Point, centre: Point, size: tuple[float, float]) -> bool:
    """Whether a point lies on the border of a box."""
    distances = [abs(point[axis] - centre[axis]) - size[axis] / 2 for axis in (0, 1)]
    return max(distances) == pytest.approx(0, abs=1e-6)


@given(graphs())
def test_boxes_never_overlap_and_every_edge_runs_to_the_right(
    graph: tuple[list[tuple[float, float]], list[tuple[int, int]]],
) -> None:
    sizes, edges = graph
    layout = arrange(sizes, edges)
    for one, other in combinations(range(len(sizes)), 2):
        apart = [
            abs(layout.centres[one][axis] - layout.centres[other][axis])
            >= (sizes[one][axis] + sizes[other][axis]) / 2
            for axis in (0, 1)
        ]
        assert any(apart), (one, other)
    for (source, user), arrow in zip(edges, layout.arrows, strict=True):
        assert layout.centres[source][0] < layout.centres[user][0]
        for point, box in ((arrow[0], source), (arrow[-1], user)):
            assert is_on_border(point, layout.centres[box], sizes[box])


@given(graphs())
def test_everything_lies_within_the_layout_and_the_same_graph_looks_the_same(
    graph: tuple[list[tuple[float, float]], list[tuple[int, int]]],
) -> None:
    sizes, edges = graph
    layout = arrange(sizes, edges)
    assert layout == arrange(sizes, edges)
    for x, y in (point for arrow in layout.arrows for point in arrow):
        assert -1e-6 <= x <= layout.width + 1e-6
        assert -1e-6 <= y <= layout.height + 1e-6


def test_an_arrow_from_a_high_box_keeps_clear_of_the_boxes_that_it_passes() -> None:
    sizes = [(100.0, 115.0), (92.0, 72.0), (100.0, 72.0), (84.0, 72.0), (84.0, 72.0)]
    layout = arrange(sizes, [(0, 1), (1, 3), (2, 3), (3, 4), (0, 4)])
    for box in (1, 3):
        x, y = layout.centres[box]
        for (left, upper), (right, lower) in pairwise(layout.arrows[-1]):
            if min(left, right) < x < max(left, right):
                assert abs(upper - y) >= sizes[box][1] / 2 + CLEARANCE - 1
                assert upper == lower


def test_an_operand_that_is_used_twice_has_two_arrows() -> None:
    layout = arrange([(80, 70), (80, 70)], [(0, 1), (0, 1)])
    assert len(set(layout.arrows)) == 2


def test_too_many_boxes_are_refused_before_they_cost_time() -> None:
    with pytest.raises(ValueError, match="61 boxes are too many"):
        arrange([(80, 70)] * (MOST_BOXES + 1), [])
