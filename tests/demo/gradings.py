"""Grades each file once for each assignment, in the real sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.courses.models import Assignment
from service.submissions import stored_reports
from service.submissions.models import StoredReport
from tests.demo.programs import source_of
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report
from worker.report.tally import Tally
from worker.sandbox import Sandbox
from worker.suites import catalogue

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A report as it is stored, and what else the row of a grading has."""

    report: Report
    packed: StoredReport
    tally: dict[str, Any]

    def copy_for(self, grading_id: Any) -> StoredReport:
        """The stored report of another grading with the same result."""
        return StoredReport(
            grading_id=grading_id, summary=self.packed.summary, report=self.packed.report
        )


def grade_each(
    assignment: Assignment, programs: Iterable[str], sandbox: Sandbox, on_progress: Progress
) -> Mapping[str, Graded]:
    """The result of each program in an assignment."""
    selections = [
        Selection(suite=catalogue.load(name, assignment.seed), weight=points)
        for name, points in assignment.points.items()
    ]
    names = sorted(programs)
    found = {}
    for done, name in enumerate(names, 1):
        report = grade(source_of(name), selections, sandbox, seed=assignment.seed)
        found[name] = Graded(
            report=report,
            packed=stored_reports.pack(report),
            tally=Tally.of(report).to_json(),
        )
        on_progress(done, len(names))
    return found
