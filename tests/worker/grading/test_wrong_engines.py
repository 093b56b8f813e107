"""Wrong engines get exactly the verdicts that their headers promise, and none keeps all points."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.strength.corpus import expand, files, outcomes_of, read_header
from tests.strength.grading import all_cases, grade_apart
from worker.report.model import ProblemKind, Report, Verdict

WRONG = files()
MISCONCEPTIONS = 64
# A mistake in the constructor leaves nothing to test.
UNGRADABLE = {"m20_backward_of_nothing": ProblemKind.NO_LEAF}


@pytest.fixture(scope="module")
def reports() -> dict[Path, Report]:
    """The report of every wrong engine."""
    graded = grade_apart(path.read_text(encoding="utf-8") for path in WRONG)
    return dict(zip(WRONG, graded, strict=True))


@pytest.mark.parametrize("path", WRONG, ids=lambda path: str(path.stem))
def test_a_wrong_engine_gets_exactly_its_recorded_verdicts(
    path: Path, reports: dict[Path, Report]
) -> None:
    header, report = read_header(path.read_text(encoding="utf-8")), reports[path]
    kind = None if report.problem is None else report.problem.kind
    assert kind == UNGRADABLE.get(path.stem)
    assert outcomes_of(report) == expand(header, all_cases())
    if header.told is None:
        assert report.score < report.max_score
        assert _fails_where_nothing_is_drawn(report)
    else:
        assert report.score == report.max_score
        assert _is_told(header.told, report)


def _fails_where_nothing_is_drawn(report: Report) -> bool:
    """Whether a suite that gives points charges it in a case that is there for every seed."""
    marked = [suite for suite in report.suites if suite.max_score and suite.name != "random"]
    cases = [case for suite in marked for case in suite.cases]
    return not all(case.counts and case.verdict is Verdict.PASSED for case in cases)


def _is_told(told: str, report: Report) -> bool:
    """Whether the convention named is told in that sentence; robustness tells by its outcomes."""
    name, _, sentence = told.partition(": ")
    if not sentence:
        return name.startswith("robustness ")
    suite = next(suite for suite in report.suites if suite.name == "conventions")
    return sentence in {case.message for case in suite.cases if f"conventions/{case.id}" == name}


def test_every_misconception_has_an_engine_and_common_ones_are_combined() -> None:
    headers = [read_header(path.read_text(encoding="utf-8")) for path in WRONG]
    covered = {number for header in headers for number in header.misconceptions}
    assert covered == set(range(1, MISCONCEPTIONS + 1))
    pairs = {header.misconceptions for header in headers if len(header.misconceptions) == 2}
    assert len(pairs) >= 15
    assert len({header.title for header in headers}) == len(headers)
