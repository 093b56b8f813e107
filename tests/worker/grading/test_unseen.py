"""Engines in other styles: right before the slips, and each slip is one."""

from __future__ import annotations

import pytest

from tests.students import engine
from tests.students.unseen_slips import SLIPS, unseen
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Verdict
from worker.sandbox import Sandbox
from worker.suites.catalogue import load

FEWEST = 60
SUITES = ("reuse", "operators", "order")
ACCEPTED = {Verdict.PASSED, Verdict.UNSUPPORTED}


def test_each_slip_gives_another_engine() -> None:
    made = dict(unseen())
    assert len(made) >= FEWEST
    assert len(set(made.values())) == len(made)


@pytest.mark.parametrize("style", sorted(SLIPS))
def test_an_engine_is_right_before_the_slips(style: str, sandbox: Sandbox) -> None:
    chosen = [Selection(suite=load(name), weight=1.0) for name in SUITES]
    report = grade(engine(f"unseen/{style}"), chosen, sandbox, seed=1)
    assert report.problem is None
    assert {case.verdict for suite in report.suites for case in suite.cases} <= ACCEPTED
