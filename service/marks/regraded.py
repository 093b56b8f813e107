"""What a student's mark was before a regrade changed it, and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.access import require_self_or_staff
from service.courses.models import Assignment, Course
from service.marks.gradebook import Mark, read_marks
from service.marks.models import Regrade, RegradeEntry
from service.people.actors import Actor
from service.people.models import Account
from service.submissions.models import Grading, Status, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """What a mark was, and when a regrade changed it.

    `tests_changed` says whether the tests or their points did in between; None if nobody knows.
    """

    before: float
    max_before: float
    at: datetime
    tests_changed: bool | None


@dataclass(slots=True, kw_only=True)
class _Last:
    """The last regrade of an assignment for a student: its gradings, and when it counted."""

    gradings: list[uuid.UUID]
    at: datetime
    tests_changed: bool | None


def changed_by_regrades(
    session: Session,
    actor: Actor,
    course: Course,
    student: Account,
    marks: Collection[Mark],
) -> dict[uuid.UUID, Regraded]:
    """Which of a student's marks in a course the last regrade changed, by the assignment's id.

    `marks` are what the actor sees: one without a number is left out, and so is one set by hand.
    Another attempt may count now. The number of queries is fixed. For the student and staff.
    """
    require_self_or_staff(session, actor, student, course.id)
    shown = {
        mark.assignment.id: mark
        for mark in marks
        if mark.effective is not None and mark.override is None
    }
    last = _find_last(session, student, shown)
    if not last:
        return {}
    left_out = [grading for each in last.values() for grading in each.gradings]
    assignments: list[Assignment] = [shown[key].assignment for key in last]
    counted = ~Grading.preview & Grading.id.not_in(left_out)
    old = read_marks(session, assignments, [student], counted)[student.id]
    return {
        key: Regraded(
            before=before,
            max_before=old[key].max_score,
            at=each.at,
            tests_changed=each.tests_changed,
        )
        for key, each in last.items()
        if (before := old[key].effective) is not None
        and (before, old[key].max_score) != (shown[key].effective, shown[key].max_score)
    }


def _find_last(
    session: Session, student: Account, assignments: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, _Last]:
    """The last regrade of each assignment that has one with a result for the student."""
    query = (
        select(
            Submission.assignment_id,
            Grading.submission_id,
            Grading.id,
            Grading.finished_at,
            Grading.max_score,
            Grading.suites_digest,
            RegradeEntry.regrade_id,
            Regrade.ended_at,
        )
        .join(Submission, Submission.id == Grading.submission_id)
        .outerjoin(RegradeEntry, RegradeEntry.grading_id == Grading.id)
        .outerjoin(Regrade, Regrade.id == RegradeEntry.regrade_id)
        .where(Submission.student_id == student.id, Submission.assignment_id.in_(assignments))
        .where(Grading.status == Status.DONE, ~Grading.preview)
        .order_by(Grading.submission_id, Grading.ordinal)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, _Last]] = {}
    for old, new in pairwise(session.execute(query)):
        if old.submission_id != new.submission_id:
            continue
        changed: bool | None = old.max_score != new.max_score or None
        if old.suites_digest and new.suites_digest:
            changed = changed or old.suites_digest != new.suites_digest
        regrades = found.setdefault(new.assignment_id, {})
        each = regrades.setdefault(
            new.regrade_id or new.id,
            _Last(gradings=[], at=new.ended_at or new.finished_at, tests_changed=changed),
        )
        each.gradings.append(new.id)
        known = (each.tests_changed, changed)
        each.tests_changed = True if True in known else None if None in known else False
    return {
        key: max(regrades.values(), key=lambda each: each.at) for key, regrades in found.items()
    }
