"""Engines with one slip, or with two: each slip costs points."""

from __future__ import annotations

from tests.strength.grading import score_all, selections
from tests.students.one_slip import SLIPS, one_slip, two_slips

MOST = sum(item.weight for item in selections())


def test_every_slip_costs_points_and_the_engine_without_one_has_them_all() -> None:
    engines = one_slip()
    scores = dict(zip(engines, score_all(engines.values()), strict=True))
    assert scores.pop("right") == MOST
    assert max(scores.values()) < MOST


def test_slips_in_different_places_are_combined() -> None:
    pairs = list(two_slips())
    assert len({source for *_, source in pairs}) == len(pairs) >= 400
    assert {name for one, other, _ in pairs for name in (one, other)} == set(SLIPS)
    for _, _, source in pairs:
        compile(source, "engine", "exec")
