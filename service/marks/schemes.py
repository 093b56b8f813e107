"""What all marks of an assignment have in common, and what differs by student."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.deadlines import Terms
from service.courses.models import Assignment, Extension
from service.marks.counting import Rival
from service.marks.late import LateDeduction, left_of
from service.submissions.suites_digest import digest_of_assignment

T = TypeVar("T")
ByStudent = defaultdict[uuid.UUID, dict[uuid.UUID, T]]


class Worth(NamedTuple):
    """What a student's work in an assignment is worth, out of `max_score`.

    `mark` is the computed score without the `deduction` for being late, `given` what staff set by
    hand: the same share of the points as then. Both are None where there is none.
    """

    max_score: float
    mark: float | None = None
    given: float | None = None
    days_late: int = 0
    deduction: float = 0.0


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

    def deadline_with(self, extension: Extension | None) -> datetime | None:
        """The deadline of a student, with an extension if there is one."""
        if extension is None:
            return self.deadline
        return Terms.of(self.assignment, extension).deadline

    def weigh(
        self,
        counting: Rival | None,
        given: tuple[float, float | None] | None,
        deadline: datetime | None,
    ) -> Worth:
        """What the grading that counts is worth to a student with this deadline.

        `given` is a score that staff set by hand, and what the assignment was worth then.
        """
        max_score = self.max_score
        if counting is not None and counting.max_score is not None:
            max_score = counting.max_score
        by_hand = None if given is None else rescale(*given, max_score)
        score = None if counting is None else counting.score
        if counting is None or self.rule is None:
            return Worth(max_score, score, by_hand)
        days = self.rule.days(deadline, counting.submitted_at)
        if score is None:
            return Worth(max_score, None, by_hand, days)
        deduction = self.rule.deduct(score, days)
        return Worth(max_score, left_of(score, deduction), by_hand, days, deduction)

    def is_outdated(
        self, score: float | None, max_score: float | None, suites_digest: str | None
    ) -> bool:
        """Whether a grading used other suites or points than the assignment has now."""
        if score is None:
            return False
        if suites_digest is None:  # of an earlier version: only the points are known
            return max_score != self.max_score
        return suites_digest != self.digest


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
