"""Which of the failing cases is shown first."""

from __future__ import annotations

import pytest

from tests.strength.grading import selections
from worker.grading.diagnosis.forms import RIGHT, form_of
from worker.grading.diagnosis.simplicity import LAST, LEVEL_OF, find_level, rank
from worker.graph import Apply, parse
from worker.suites.catalogue import load, names

RANKED = sorted(
    (rank(item.suite.name, case), f"{item.suite.name}/{case.id}")
    for item in selections()
    for case in item.suite.cases
)
PLACES = {name: place for place, (_, name) in enumerate(RANKED)}


def test_suites_that_mix_many_things_come_last() -> None:
    suites = [name.partition("/")[0] for _, name in RANKED]
    first = min(suites.index(name) for name in LAST)
    assert set(suites[:first]) == set(names()) - set(LAST)
    assert list(dict.fromkeys(suites[first:])) == list(LAST)


def test_a_random_graph_never_comes_before_a_small_one() -> None:
    random = min(place for name, place in PLACES.items() if name.startswith("random/"))
    for suite in ("rules", "reuse", "order", "functions", "numbers"):
        assert all(PLACES[f"{suite}/{case.id}"] < random for case in load(suite).cases)


def test_sums_and_products_come_before_what_is_made_of_them_however_many() -> None:
    assert PLACES["order/ladder-product@1"] < PLACES["functions/tanh@1"]
    assert PLACES["functions/tanh@1"] < PLACES["operators/difference@1"]
    assert PLACES["operators/difference@1"] < PLACES["numbers/number-subtract@1"]


def test_of_the_same_operations_fewer_come_first() -> None:
    assert PLACES["reuse/sum-twice@1"] < PLACES["reuse/fan-out"]


def test_every_usual_operation_has_its_level() -> None:
    rare = {"**VV", "**NV"}
    assert set(LEVEL_OF) == set(RIGHT) - rare
    (step,) = (one for one in parse("x = Value(2)\nL = x * 3").steps if isinstance(one, Apply))
    assert form_of(step) in LEVEL_OF


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("x * x", 0),
        ("x ** 2", 1),
        ("x.tanh() + x", 1),
        ("-x", 2),
        ("x / x", 3),
        ("1 / x", 4),
        ("2 ** x", 5),
    ],
)
def test_what_is_made_of_others_comes_later(line: str, level: int) -> None:
    assert find_level(parse(f"x = Value(2)\nL = {line}\nL.backward()\n")) == level
