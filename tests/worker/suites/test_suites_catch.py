"""Wrong engines fail where they should, whatever order a set of nodes comes in."""

from __future__ import annotations

import pytest

from tests.students import engine, names
from tests.support.engines import observe
from tests.support.engines.wanderers import (
    WRONG_WALKS,
    Walk,
    appended_again,
    breadth_first,
    breadth_first_unseen,
    in_order,
    recursive,
    wander,
)
from worker.grading.grade import grade
from worker.grading.judge import judge
from worker.grading.marking import Selection
from worker.report.model import Verdict
from worker.sandbox import Sandbox
from worker.suites import catalogue

SEEDS = range(12)


def failures(suite: str, walk: Walk, seed: int) -> list[str]:
    value = wander(walk, seed)
    reports = [judge(case, observe(value, case)) for case in catalogue.load(suite).cases]
    return [report.id for report in reports if report.verdict is not Verdict.PASSED]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_topological_order_passes(seed: int) -> None:
    assert failures("order", in_order, seed) == []


@pytest.mark.parametrize("walk", [breadth_first, breadth_first_unseen, recursive, appended_again])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_common_wrong_orders_fail_every_case(walk: Walk, seed: int) -> None:
    assert failures("order", walk, seed) == [case.id for case in catalogue.load("order").cases]


@pytest.mark.sandbox
@pytest.mark.parametrize("name", [name for name in names("wrong") if "/m39" in name])
def test_an_engine_that_merges_equal_numbers_fails_every_case_about_them(
    name: str, sandbox: Sandbox
) -> None:
    suite = catalogue.load("equal-numbers")
    selections = [Selection(suite=suite, weight=10)]
    report = grade(engine(name), selections, sandbox, seed=1)
    assert report.score == 0


@pytest.mark.parametrize("walk", WRONG_WALKS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_order_fails_several_cases_whatever_the_set_order(walk: Walk, seed: int) -> None:
    assert len(failures("order", walk, seed)) >= 3
