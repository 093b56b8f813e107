"""Wrong engines fail where they should, whatever order a set of nodes comes in."""

from __future__ import annotations

import pytest

from tests.support.engines import observe
from tests.support.engines.wanderers import WRONG_WALKS, Walk, in_order, wander
from worker.grading.judge import judge
from worker.report.model import Verdict
from worker.suites import catalogue

SEEDS = range(12)


def failures(suite: str, walk: Walk, seed: int) -> list[str]:
    engine = wander(walk, seed)
    reports = [judge(case, observe(engine, case)) for case in catalogue.load(suite).cases]
    return [report.id for report in reports if report.verdict is not Verdict.PASSED]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_topological_order_passes(seed: int) -> None:
    assert failures("order", in_order, seed) == []


@pytest.mark.parametrize("walk", WRONG_WALKS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_order_fails_several_cases_whatever_the_set_order(walk: Walk, seed: int) -> None:
    assert len(failures("order", walk, seed)) >= 3
