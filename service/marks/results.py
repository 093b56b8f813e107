"""Results of submissions, as much of them as somebody may see."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.courses.access import is_staff, require_self_or_staff
from service.courses.deadlines import last_deadlines
from service.courses.models import Assignment, Course, Feedback
from service.courses.time_zones import by_clock
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
from service.submissions.stored_reports import read_report, read_report_texts, read_summary
from worker.report.json import report_from_json, to_json
from worker.report.model import Counterexample, Problem, Summary
from worker.report.upgrade import upgrade


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
    # Within the grace a file is accepted without a loss, so nobody may know the results yet.
    ends = {
        each.id: last + timedelta(minutes=each.grace_minutes or 0)
        for each in hidden
        if (last := deadlines[each.id]) is not None
    }
    return {
        each.id: choose_sight(
            each.feedback,
            held=is_held(each),
            last_deadline=ends.get(each.id),
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
    return read_results_json(session, actor, [grading]).get(grading.id)


def read_results_json(
    session: Session, actor: Actor, gradings: Collection[Grading]
) -> dict[uuid.UUID, dict[str, Any]]:
    """The same of several gradings, by their ids. Their reports are read in one query."""
    for each in gradings:
        _require_may_see(session, actor, each.submission)
    assignments = {each.submission.assignment for each in gradings}
    sights = {each.id: find_sight(session, actor, each) for each in assignments}
    done = [
        (each, sights[each.submission.assignment_id])
        for each in gradings
        if each.status is Status.DONE
    ]
    needed = [
        each.id
        for each, sight in done
        if sight.level in {Level.FULL, Level.TESTS} or each.problem is not None
    ]
    texts = read_report_texts(session, needed) if needed else {}
    found = {
        each.id: _to_json(each, sight, json.loads(texts[each.id]) if each.id in texts else None)
        for each, sight in done
    }
    return {key: answer for key, answer in found.items() if answer is not None}


def _to_json(
    grading: Grading, sight: Sight, stored: dict[str, Any] | None
) -> dict[str, Any] | None:
    """As much of a stored report as a sight shows."""
    if sight.level is Level.FULL:
        if stored is None:
            return None
        report = upgrade(stored)
        if sight.solutions:
            return report
        return hide_solutions(report if sight.points else hide_points(report))
    if sight.level is Level.TESTS:
        if stored is None:
            return None
        return to_json(reduce_to_tests(report_from_json(stored), points=sight.points))
    problem = None if stored is None else report_from_json(stored).problem
    if sight.level is Level.NOTHING:
        return None if problem is None else to_json(ProblemReport(problem=problem))
    score, max_score = (grading.score, grading.max_score) if sight.points else (None, None)
    return to_json(ScoreReport(score=score, max_score=max_score, problem=problem))


def read_counterexample(session: Session, actor: Actor, submission: Submission) -> Counterexample:
    """The counterexample of the report that counts. For the student and staff.

    Raises Forbidden if it isn't shown, whether or not there is one. Raises NotFound if there is
    none.
    """
    result = read_result(session, actor, submission.counting)
    require_level(result.sight, submission.assignment.course, Level.FULL)
    report = result.report
    if not isinstance(report, Summary) or report.counterexample is None:
        raise NotFound(
            "This submission's report has no counterexample: no small graph was found on which "
            "the engine is wrong. Read the report for the tests that fail."
        )
    return report.counterexample


def require_level(sight: Sight, course: Course, *levels: Level) -> None:
    """Raise Forbidden unless results are shown at one of these levels."""
    if sight.level in levels:
        return
    message = "Your teacher doesn't show this part of the results of this assignment."
    if sight.level is Level.NOTHING:
        message = "The results of this assignment aren't shown yet."
        if sight.until is not None:
            message = f"Results are shown after the last deadline, {by_clock(sight.until, course)}."
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
