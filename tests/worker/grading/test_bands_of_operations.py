"""What one slip in one operation costs, in two styles of engines. `test_bands` has other slips."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.strength.forms.engine import HEAD
from tests.strength.grading import losses_of
from tests.strength.operations import STYLES, list_slips, write_engine
from tests.students import engine
from worker.suites.rules import FUNCTIONS_IN_ORDER

Row = tuple[int, int, Mapping[str, str]]

SHAPE = ("wrong slope", "no closure")
MIDDLE = ("-", "/", "neg")
COMPARE = """\
    def __eq__(self, other):
        return (self.data, self.children) == (other.data, other.children)

    def __hash__(self):
        return hash((self.data, self.children))

"""
FROZEN = engine("right/frozen_nodes")
# A row: the fewest and the most points lost out of 100, and the engines.
ROWS: Mapping[str, Row] = {
    "nothing": (0, 0, {style: write_engine(style) for style in STYLES}),
    "one function": (
        *(2, 6),
        list_slips(FUNCTIONS_IN_ORDER, (*SHAPE, "assigns", "no upstream")),
    ),
    "- / or neg": (4, 12, list_slips(MIDDLE, (*SHAPE, "no upstream"))),
    "- / or neg assigns": (2, 12, list_slips(MIDDLE, ["assigns"])),
    "power": (6, 16, list_slips(["**"], (*SHAPE, "no upstream"))),
    "power assigns": (4, 16, list_slips(["**"], ["assigns"])),
    "+ or *": (30, 50, list_slips("+*", (*SHAPE, "no operands"))),
    "+ or * without upstream": (25, 50, list_slips("+*", ["no upstream"])),
    "+ or * assigns": (12, 30, list_slips("+*", ["assigns"])),
    "equal numbers are one node": (
        *(8, 20),
        {
            "nodes compared by number and children": write_engine("native").replace(
                HEAD, HEAD + COMPARE
            ),
            "gradients by frozen node": FROZEN.replace("frozen=True, eq=False", "frozen=True"),
        },
    ),
}


@pytest.fixture(scope="module")
def lost() -> dict[str, tuple[float, ...]]:
    """The points that each engine loses, by source, with each seed of random graphs."""
    sources = list({source for *_, engines in ROWS.values() for source in engines.values()})
    return dict(zip(sources, losses_of(sources), strict=True))


@pytest.mark.parametrize("row", ROWS)
def test_a_slip_in_one_operation_costs_what_its_band_says(
    row: str, lost: dict[str, tuple[float, ...]]
) -> None:
    fewest, most, engines = ROWS[row]
    points = {name: lost[source] for name, source in engines.items()}
    out = {
        name: some for name, some in points.items() if not fewest <= min(some) <= max(some) <= most
    }
    assert out == {}


def test_each_slip_is_another_engine() -> None:
    sources = [source for *_, engines in ROWS.values() for source in engines.values()]
    assert FROZEN not in sources
    assert len(set(sources)) >= 80
