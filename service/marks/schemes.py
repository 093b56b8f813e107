"""The rule of a mark: what all marks of an assignment have in common, and what differs by student.

Whole marks and the figures of a gradebook are both made of a `Worth`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.deadlines import Terms
from service.courses.models import Assignment, Extension
from service.marks.counting import R, choose_counting
from service.marks.late import LateDeduction, late_minutes, left_of
from service.submissions.suites_digest import digest_of_assignment

T = TypeVar("T")
G = TypeVar("G", bound="Given")
ByStudent = defaultdict[uuid.UUID, dict[uuid.UUID, T]]


class Given(Protocol):
    """A score that staff set by hand, out of what the assignment was worth then."""

    @property
    def student_id(self) -> uuid.UUID:
        """The student."""
        ...

    @property
    def assignment_id(self) -> uuid.UUID:
        """The assignment."""
        ...

    @property
    def score(self) -> float | None:
        """The score; None takes an earlier one back."""
        ...

    @property
    def max_score(self) -> float | None:
        """What the assignment was worth; None if nobody knows."""
        ...


class Worth(NamedTuple, Generic[R]):
    """What a student's work in an assignment is worth, out of `max_score`.

    `counting` is the grading that counts, and `deadline` the student's own. `mark` is the computed
    score less the `deduction` for being late, `given` what staff set by hand: the same share of
    the points as then. Each is None where there is none.
    """

    scheme: Scheme
    counting: R | None
    deadline: datetime | None
    max_score: float
    mark: float | None = None
    given: float | None = None
    days_late: int = 0
    deduction: float = 0.0

    @property
    def effective(self) -> float | None:
        """The teacher's score where there is one, else the computed mark."""
        return self.mark if self.given is None else self.given

    @property
    def late_minutes(self) -> int:
        """How late the grading's submission was; 0 if nothing was submitted."""
        return late_minutes(self.deadline, self.counting.submitted_at) if self.counting else 0

    @property
    def problem(self) -> str | None:
        """The kind of problem that stopped the whole file."""
        return self.counting.problem if self.counting else None

    @property
    def outdated(self) -> bool:
        """Whether the grading used other suites or points than the assignment has now."""
        counting = self.counting
        if counting is None or counting.score is None:
            return False
        if counting.suites_digest is None:  # of an earlier version: only the points are known
            return counting.max_score != self.scheme.max_score
        return counting.suites_digest != self.scheme.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What all marks of an assignment depend on. A class has thousands: it is found once."""

    id: uuid.UUID
    assignment: Assignment
    deadline: datetime | None
    rule: LateDeduction | None
    max_score: float
    digest: str

    @classmethod
    def of(cls, assignment: Assignment) -> Scheme:
        """The scheme of an assignment."""
        return cls(
            id=assignment.id,
            assignment=assignment,
            deadline=assignment.deadline,
            rule=LateDeduction.of(assignment),
            max_score=assignment.max_score,
            digest=digest_of_assignment(assignment),
        )

    def deadline_with(self, extension: Extension) -> datetime | None:
        """The deadline of a student who has an extension."""
        return Terms.of(self.assignment, extension).deadline

    def weigh(
        self, rivals: Sequence[R], extension: Extension | None, given: Given | None
    ) -> Worth[R]:
        """A student's work with these gradings that may count: the whole rule of a mark."""
        deadline = self.deadline if extension is None else self.deadline_with(extension)
        counting = choose_counting(self.rule, rivals, deadline)
        max_score = self.max_score
        if counting is not None and counting.max_score is not None:
            max_score = counting.max_score
        by_hand = None
        if given is not None and given.score is not None:
            by_hand = rescale(given.score, given.max_score, max_score)
        score = None if counting is None else counting.score
        if counting is None or self.rule is None:
            return Worth(self, counting, deadline, max_score, score, by_hand)
        days = self.rule.days(deadline, counting.submitted_at)
        if score is None:
            return Worth(self, counting, deadline, max_score, None, by_hand, days)
        deduction = self.rule.deduct(score, days)
        mark = left_of(score, deduction)
        return Worth(self, counting, deadline, max_score, mark, by_hand, days, deduction)


def rescale(score: float, then: float | None, now: float) -> float:
    """The same share of the points of now as of those of then."""
    return score * (now / then if then else 1)


def read_extensions(
    session: Session, assignments: Sequence[uuid.UUID], students: Sequence[uuid.UUID] | None
) -> ByStudent[Extension]:
    """Extensions by student, then by assignment; of everybody if `students` is None."""
    query = select(Extension).where(Extension.assignment_id.in_(assignments))
    if students is not None:
        query = query.where(Extension.account_id.in_(students))
    found: ByStudent[Extension] = defaultdict(dict)
    for row in session.scalars(query):
        found[row.account_id][row.assignment_id] = row
    return found


def choose_given(rows: Iterable[G]) -> ByStudent[G]:
    """Of scores set by hand, by time, those that count: the newest, unless it takes one back."""
    newest: ByStudent[G] = defaultdict(dict)
    for row in rows:
        if row.score is not None:
            newest[row.student_id][row.assignment_id] = row
        elif row.student_id in newest:
            newest[row.student_id].pop(row.assignment_id, None)
    return newest
