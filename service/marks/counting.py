"""Which grading counts for each student and assignment."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Float, Select, Subquery, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, AttemptThatCounts
from service.marks.late import LateDeduction
from service.submissions.models import Grading, Status, Submission


class Rival(Protocol):
    """What decides whether a grading counts."""

    @property
    def score(self) -> float | None:
        """The computed score; None if it isn't graded."""
        ...

    @property
    def max_score(self) -> float | None:
        """What it was graded out of; None if it isn't graded."""
        ...

    @property
    def problem(self) -> str | None:
        """The kind of problem that stopped the whole file."""
        ...

    @property
    def submitted_at(self) -> datetime:
        """When the submission arrived."""
        ...

    @property
    def attempt(self) -> int:
        """The submission's number."""
        ...

    @property
    def suites_digest(self) -> str | None:
        """What it was graded with; None if an earlier version graded it, or it isn't graded."""
        ...

    @property
    def share(self) -> float:
        """The share of its points."""
        ...


R = TypeVar("R", bound=Rival)


class Counting(NamedTuple):
    """A grading that counts, or may count, with its submission and the number of attempts."""

    assignment_id: uuid.UUID
    student_id: uuid.UUID
    submission_id: uuid.UUID
    submitted_at: datetime
    grading_id: uuid.UUID
    status: Status
    score: float | None
    max_score: float | None
    attempt: int
    attempts: int
    problem: str | None
    suites_digest: str | None

    @property
    def share(self) -> float:
        """The share of its points."""
        return share_of(self.score, self.max_score)


def share_of(score: float | None, max_score: float | None) -> float:
    """The share of its points that a grading gives."""
    return (score or 0.0) / max_score if max_score else 0.0


def read_counting(
    session: Session,
    assignments: Sequence[Assignment],
    students: Sequence[uuid.UUID] | None,
    counted: ColumnElement[bool] | None,
) -> Iterable[Counting]:
    """The grading that counts for each student and assignment; see `Mark`. Checks no rights.

    Where being late costs points, those that may count: a submission does if its share is larger
    than those of all that came before it.
    """
    found, counts = rank_gradings(assignments, students, counted)
    query = select(*(found.c[name] for name in Counting._fields)).where(counts)
    return map(Counting._make, session.execute(query))


def rank_gradings(
    assignments: Sequence[Assignment],
    students: Sequence[uuid.UUID] | None,
    counted: ColumnElement[bool] | None,
) -> tuple[Subquery, ColumnElement[bool]]:
    """The gradings of `read_counting` with all that don't count, and the condition to count."""
    chosen = [assignment.id for assignment in assignments]
    each = _latest_gradings(chosen, students, counted).subquery()
    of_student = (each.c.student_id, each.c.assignment_id)
    unscored = each.c.score.is_(None)
    points = func.nullif(each.c.max_score, 0, type_=Float)  # else it is cast to a decimal number
    share = func.coalesce(each.c.score / points, 0)
    turn = case((unscored, -each.c.attempt), else_=each.c.attempt)
    latest = [one.id for one in assignments if one.attempt_that_counts is AttemptThatCounts.LATEST]
    in_time = [
        case((each.c.assignment_id.in_(latest), column)).desc()
        for column in (each.c.submitted_at, each.c.attempt)
        if latest
    ]
    best = (unscored, each.c.problem.is_not(None), *in_time, share.desc(), each.c.score.desc())
    late = [
        one.id for one in assignments if one.id not in latest and LateDeduction.of(one) is not None
    ]
    rival = case((and_(~unscored, each.c.problem.is_(None), each.c.assignment_id.in_(late)), share))
    before = func.max(rival).over(
        partition_by=of_student, order_by=(each.c.submitted_at, each.c.attempt), rows=(None, -1)
    )
    ranked = select(
        each,
        func.row_number().over(partition_by=of_student, order_by=(*best, turn)).label("place"),
        func.count().over(partition_by=of_student).label("attempts"),
        (rival > func.coalesce(before, -1) if late else false()).label("may_count"),
    ).where(each.c.turn == 1)
    found = ranked.subquery()
    return found, or_(found.c.place == 1, found.c.may_count) if late else found.c.place == 1


def _latest_gradings(
    assignments: Sequence[uuid.UUID],
    students: Sequence[uuid.UUID] | None,
    counted: ColumnElement[bool] | None,
) -> Select[*tuple[Any, ...]]:
    """Gradings with their `turn`: 1 is a submission's newest with a result, or else its newest."""
    turn = func.row_number().over(
        partition_by=Grading.submission_id,
        order_by=((Grading.status == Status.DONE).desc(), Grading.ordinal.desc()),
    )
    query = (
        select(
            Submission.assignment_id,
            Submission.student_id,
            Submission.attempt,
            Submission.submitted_at,
            Grading.submission_id,
            Grading.id.label("grading_id"),
            Grading.status,
            Grading.score,
            Grading.max_score,
            Grading.problem,
            Grading.suites_digest,
            turn.label("turn"),
        )
        .join(Grading)
        .where(Submission.assignment_id.in_(assignments))
        .where(~Grading.preview if counted is None else counted)
    )
    return query if students is None else query.where(Submission.student_id.in_(students))


def choose_counting(
    rule: LateDeduction | None, rivals: Sequence[R], deadline: datetime | None
) -> R | None:
    """The one that counts, once lateness is deducted. Rivals are graded, or there is only one."""
    if rule is None or len(rivals) < 2:
        return rivals[0] if rivals else None
    graded = [each for each in rivals if each.score is not None and each.problem is None]

    def order(each: R) -> tuple[float, datetime, int]:
        kept = rule.kept(rule.days(deadline, each.submitted_at))
        return -each.share * kept, each.submitted_at, each.attempt

    return min(graded, key=order)
