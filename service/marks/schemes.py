"""What all marks of an assignment have in common, and what differs by student."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.deadlines import Terms
from service.courses.models import Assignment, Extension
from service.marks.late import LateDeduction
from service.submissions.suites_digest import digest_of_assignment

T = TypeVar("T")
ByStudent = defaultdict[uuid.UUID, dict[uuid.UUID, T]]


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
