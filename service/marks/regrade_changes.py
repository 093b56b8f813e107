"""What a regrade changes: whose mark rises or falls, and by which tests.

The marks before and after are computed from the gradings that there were when the regrade began,
without its own and with them. So the answer stays the same when it is applied, or undone, and when
somebody submits later.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.models import Assignment
from service.courses.students import Person, students_of
from service.marks.gradebook import Mark, read_marks
from service.marks.models import Regrade
from service.marks.regrades import gradings_of
from service.people.actors import Actor
from service.submissions.models import Grading, Status
from worker.report.tally import Tally


class Turn(StrEnum):
    """What became of a test."""

    PASSES = "passes"  # and failed before
    FAILS = "fails"  # and passed before
    NEW = "new"  # fails, and there was no such test before
    GONE = "gone"  # failed, and there is no such test any more


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """A test with another result than before. Its title may be unknown if it passes."""

    suite: str
    case: str
    title: str
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A student whose computed mark changes. `overridden` says that a mark set by hand counts."""

    student: Person
    submission_id: uuid.UUID | None
    before: float | None
    after: float | None
    max_before: float
    max_after: float
    overridden: bool
    cases: tuple[CaseChange, ...]

    @property
    def difference(self) -> float:
        """By how many points the mark rises; negative if it falls."""
        return round((self.after or 0.0) - (self.before or 0.0), 9)


def find_changes(
    session: Session, actor: Actor, assignment: Assignment, regrade: Regrade
) -> list[Change]:
    """Whose mark changes, those who fall first. A fixed number of queries. For staff."""
    require_staff(session, actor, assignment.course_id)
    own = Grading.id.in_(gradings_of(regrade))
    known = and_(~own, ~Grading.preview, Grading.queued_at <= regrade.created_at)
    new = and_(own, Grading.status == Status.DONE)
    students = students_of(session, assignment.course_id)
    before = read_marks(session, [assignment], students, known)
    after = read_marks(session, [assignment], students, or_(known, new))
    pairs = [
        (old, now)
        for old, now in (
            (before[each.id][assignment.id], after[each.id][assignment.id]) for each in students
        )
        if (old.mark, old.max_score) != (now.mark, now.max_score)
    ]
    tallies = _read_tallies(session, pairs)
    changes = [
        Change(
            student=now.student,
            submission_id=now.submission_id,
            before=old.mark,
            after=now.mark,
            max_before=old.max_score,
            max_after=now.max_score,
            overridden=now.override is not None,
            cases=tuple(_compare(tallies.get(old.grading_id), tallies.get(now.grading_id))),
        )
        for old, now in pairs
    ]
    return sorted(changes, key=lambda change: change.difference)


def _read_tallies(
    session: Session, pairs: list[tuple[Mark, Mark]]
) -> Mapping[uuid.UUID | None, Tally]:
    ids = {mark.grading_id for pair in pairs for mark in pair if mark.score is not None}
    query = select(Grading.id, Grading.tally).where(Grading.id.in_(ids), Grading.tally.is_not(None))
    return {row.id: Tally.from_json(row.tally) for row in session.execute(query)}


def _compare(before: Tally | None, after: Tally | None) -> Iterator[CaseChange]:
    """The tests that give points and have another result."""
    if before is None or after is None:
        return
    for suite in dict.fromkeys([*after.suites, *before.suites]):
        old, new = before.suites.get(suite, {}), after.suites.get(suite, {})
        for case in dict.fromkeys([*new, *old]):
            turn = _turn(case in old, old.get(case) is not None, case in new, bool(new.get(case)))
            failure = new.get(case) or old.get(case)
            if turn is not None:
                title = failure.graph_title if failure is not None else case
                yield CaseChange(suite=suite, case=case, title=title, turn=turn)


def _turn(was_there: bool, failed: bool, is_there: bool, fails: bool) -> Turn | None:
    if was_there and is_there and failed != fails:
        return Turn.FAILS if fails else Turn.PASSES
    if is_there and not was_there and fails:
        return Turn.NEW
    if was_there and not is_there and failed:
        return Turn.GONE
    return None
