"""Results of submissions, as much of them as somebody may see."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from service.courses.access import is_staff, require_self_or_staff
from service.courses.deadlines import last_deadlines
from service.courses.models import Assignment, Feedback
from service.errors import Forbidden, NotFound
from service.feedback.levels import (
    STAFF,
    Level,
    ProblemReport,
    Reduced,
    ScoreReport,
    Sight,
    choose_sight,
    hide_points,
    reduce_to_tests,
)
from service.feedback.solutions import hide_solutions, without_solutions
from service.marks.release import is_held
from service.people.actors import Actor
from service.store.base import now
from service.submissions.models import Grading, Status, Submission
from service.submissions.stored_reports import read_report, read_report_json, read_summary
from worker.report.json import to_json
from worker.report.model import Counterexample, Problem, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What somebody sees of a grading.

    The scores are None until it's done, and while they aren't shown. `report` is None until then,
    and if an old one was removed.
    """

    sight: Sight
    score: float | None
    max_score: float | None
    report: Summary | Reduced | None


def find_sight(session: Session, actor: Actor, assignment: Assignment) -> Sight:
    """What the actor sees of results of an assignment. Staff of its course see everything."""
    if is_staff(session, actor, assignment.course_id):
        return STAFF
    return sights_of_students(session, [assignment])[assignment.id]


def sights_of_students(
    session: Session, assignments: Iterable[Assignment]
) -> dict[uuid.UUID, Sight]:
    """What students see of results now, by the assignment's id. It makes one query at most."""
    found, moment = list(assignments), now()
    hidden = [each for each in found if each.feedback is Feedback.NOTHING_UNTIL_DEADLINE]
    deadlines = last_deadlines(session, hidden) if hidden else {}
    return {
        each.id: choose_sight(
            each.feedback,
            held=is_held(each),
            last_deadline=deadlines.get(each.id),
            moment=moment,
        )
        for each in found
    }


def read_result(
    session: Session, actor: Actor, grading: Grading, *, details: bool = False
) -> Result:
    """What the actor sees of a grading's result. For the student and staff.

    Without `details` the report is a summary. Where only the score or less is shown, no report is
    read, unless the file couldn't be graded: then the answer takes as long for every score.
    """
    submission = grading.submission
    _require_may_see(session, actor, submission)
    sight = find_sight(session, actor, submission.assignment)
    return Result(
        sight=sight,
        score=grading.score if sight.points else None,
        max_score=grading.max_score if sight.points else None,
        report=_read(session, grading, sight, details) if grading.status is Status.DONE else None,
    )


def read_result_json(session: Session, actor: Actor, grading: Grading) -> dict[str, Any] | None:
    """The report of a grading as JSON, as much of it as the actor sees. For the student and staff.

    None if it has none, and if nothing of it is shown.
    """
    _require_may_see(session, actor, grading.submission)
    sight = find_sight(session, actor, grading.submission.assignment)
    if grading.status is not Status.DONE:
        return None
    if sight.level is Level.FULL:
        stored = read_report_json(session, grading.id)
        if stored is None or sight.solutions:
            return stored
        return hide_solutions(stored if sight.points else hide_points(stored))
    report = _read(session, grading, sight, details=True)
    if report is None or (isinstance(report, ProblemReport) and report.problem is None):
        return None
    return to_json(report)


def read_counterexample(session: Session, actor: Actor, submission: Submission) -> Counterexample:
    """The counterexample of the report that counts. For the student and staff.

    Raises Forbidden if it isn't shown, whether or not there is one. Raises NotFound if there is
    none.
    """
    result = read_result(session, actor, submission.counting)
    require_level(result.sight, Level.FULL)
    report = result.report
    if not isinstance(report, Summary) or report.counterexample is None:
        raise NotFound(
            "This submission's report has no counterexample: no small graph was found on which "
            "the engine is wrong. Read the report for the tests that fail."
        )
    return report.counterexample


def require_level(sight: Sight, *levels: Level) -> None:
    """Raise Forbidden unless results are shown at one of these levels."""
    if sight.level in levels:
        return
    message = "Your teacher doesn't show this part of the results of this assignment."
    if sight.level is Level.NOTHING:
        message = "The results of this assignment aren't shown yet."
        if sight.until is not None:
            message = (
                f"Results are shown after the last deadline, {sight.until:%Y-%m-%d, %H:%M} UTC."
            )
    raise Forbidden(message, code="not_shown_yet")


def _read(
    session: Session, grading: Grading, sight: Sight, details: bool
) -> Summary | Reduced | None:
    if sight.level is Level.NOTHING:
        return ProblemReport(problem=_read_problem(session, grading))
    if sight.level is Level.SCORE:
        return ScoreReport(
            score=grading.score if sight.points else None,
            max_score=grading.max_score if sight.points else None,
            problem=_read_problem(session, grading),
        )
    read = read_report if details else read_summary
    report: Summary | None = read(session, grading.id)
    if report is None or sight.solutions:
        return report
    if sight.level is Level.TESTS:
        return reduce_to_tests(report, points=sight.points)
    return without_solutions(report)


def _read_problem(session: Session, grading: Grading) -> Problem | None:
    summary = None if grading.problem is None else read_summary(session, grading.id)
    return None if summary is None else summary.problem


def _require_may_see(session: Session, actor: Actor, submission: Submission) -> None:
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
