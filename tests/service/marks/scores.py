"""Reports of a given score, and the tests that a class fails."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.marks.class_map import CaseFailures, group_cases, read_insights
from tests.service.conftest import Class
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Report, Verdict


def scored(passed: int, of: int = 4) -> Report:
    """A report that earns `passed` of `of` quarters of 100 points."""
    cases = [
        make_case(f"case{number}", Verdict.PASSED if number < passed else Verdict.WRONG_GRADIENT)
        for number in range(of)
    ]
    return make_report(make_suite("rules", *cases, points=100.0))


def failures(session: Session, members: Class) -> list[CaseFailures]:
    """The class's failing cases, as the teacher sees them."""
    return group_cases(read_insights(session, members.teacher, members.assignment).tested)
