"""Engines with one slip, or with two: each slip costs points, and a second one never earns any."""

from __future__ import annotations

import pytest

from tests.strength.forms.engine import write_engine
from tests.strength.forms.table import FORMS
from tests.strength.grading import score_all, selections
from tests.strength.pairs import REPAIRS, ROUNDING, find_raises, score_alone
from tests.students.one_slip import SLIPS, one_slip, two_slips

MOST = sum(item.weight for item in selections())
OPERATIONS = list(dict.fromkeys(form.operation for form in FORMS))


@pytest.fixture(scope="module")
def scores() -> dict[str, float]:
    """The score of each engine with one slip, and of the right one."""
    return score_alone(SLIPS)


def test_every_slip_costs_points_and_the_engine_without_one_has_them_all(
    scores: dict[str, float],
) -> None:
    assert scores["right"] == MOST
    free = {name for name in SLIPS if scores[name] == MOST}
    assert free <= {"single precision"}


def test_the_same_file_has_the_same_score_in_another_sandbox(scores: dict[str, float]) -> None:
    names = list(SLIPS)[::4]
    assert score_all(one_slip()[name] for name in names) == [scores[name] for name in names]


@pytest.mark.heavy
def test_a_second_slip_never_earns_points(scores: dict[str, float]) -> None:
    """Every tenth pair; `make strength` tries them all."""
    raises = find_raises(SLIPS, scores, step=10)
    assert [one for one in raises if one.slips not in REPAIRS] == []


def test_a_missing_operation_costs_at_least_as_much_as_a_broken_one() -> None:
    missing = score_all(write_engine("left first", without=[name]) for name in OPERATIONS)
    broken = score_all(write_engine("left first", broken=[name]) for name in OPERATIONS)
    rows = zip(OPERATIONS, missing, broken, strict=True)
    assert {name: pair for name, *pair in rows if pair[0] > pair[1] + ROUNDING} == {}


def test_slips_in_different_places_are_combined() -> None:
    pairs = list(two_slips())
    assert len({source for *_, source in pairs}) == len(pairs) >= 400
    assert {name for one, other, _ in pairs for name in (one, other)} == set(SLIPS)
    for _, _, source in pairs:
        compile(source, "engine", "exec")
