"""Deadlines and attempt limits as they hold for one student, with their extension.

Nothing here checks rights: use cases and pages check first.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Enrolment, Extension, LatePolicy
from service.people.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a student may submit to an assignment, and how often.

    `extended` says that an extension changed the deadline or the attempt limit.
    """

    opens_at: datetime | None
    closed_at: datetime | None
    deadline: datetime | None
    late_policy: LatePolicy
    grace: timedelta
    attempt_limit: int | None
    extended: bool

    @classmethod
    def of(cls, assignment: Assignment, extension: Extension | None = None) -> Terms:
        """The terms of an assignment, for everybody or with one student's extension."""
        deadline, attempt_limit = assignment.deadline, assignment.attempt_limit
        if extension is not None:
            # An extension never takes anything away, also if the assignment was changed since.
            if deadline is not None and extension.deadline is not None:
                deadline = max(deadline, extension.deadline)
            if attempt_limit is not None and extension.attempt_limit is not None:
                attempt_limit = max(attempt_limit, extension.attempt_limit)
        return cls(
            opens_at=assignment.opens_at,
            closed_at=assignment.closed_at,
            deadline=deadline,
            late_policy=assignment.late_policy or LatePolicy.ACCEPT,
            grace=timedelta(minutes=assignment.grace_minutes or 0),
            attempt_limit=attempt_limit,
            extended=(deadline, attempt_limit) != (assignment.deadline, assignment.attempt_limit),
        )

    def opened(self, moment: datetime) -> bool:
        """Whether submissions are accepted already."""
        return self.opens_at is None or moment >= self.opens_at

    @property
    def final(self) -> datetime | None:
        """The last moment at which a submission is accepted; None if none ends it."""
        if self.deadline is None or self.late_policy is not LatePolicy.REFUSE:
            return self.closed_at
        ends = self.deadline + self.grace
        return ends if self.closed_at is None else min(ends, self.closed_at)

    def closed(self, moment: datetime) -> bool:
        """Whether a submission at this moment comes too late to be accepted."""
        closed_by_staff = self.closed_at is not None and moment >= self.closed_at
        return closed_by_staff or (self.final is not None and moment > self.final)


def terms_of(session: Session, assignment: Assignment, student: Account) -> Terms:
    """What holds for one student in an assignment."""
    found = extensions_of(session, [assignment.id], student)
    return Terms.of(assignment, found.get(assignment.id))


def last_deadline(session: Session, assignment: Assignment) -> datetime | None:
    """The last deadline of anyone in the assignment, with all extensions; None without one."""
    return last_deadlines(session, [assignment])[assignment.id]


def last_deadlines(
    session: Session, assignments: Collection[Assignment]
) -> dict[uuid.UUID, datetime | None]:
    """The last deadline of anyone in each assignment, by its id, in one query."""
    query = (
        select(Extension.assignment_id, func.max(Extension.deadline).label("latest"))
        .join(Assignment, Assignment.id == Extension.assignment_id)
        .join(
            Enrolment,
            and_(
                Enrolment.account_id == Extension.account_id,
                Enrolment.course_id == Assignment.course_id,
            ),
        )
        .where(Extension.assignment_id.in_([each.id for each in assignments]))
        .group_by(Extension.assignment_id)
    )
    extended = {row.assignment_id: row.latest for row in session.execute(query)}
    return {
        each.id: None
        if each.deadline is None
        else max(each.deadline, extended.get(each.id) or each.deadline)
        for each in assignments
    }


def own_deadlines(session: Session, assignment: Assignment) -> dict[uuid.UUID, datetime | None]:
    """The deadlines of students with an extension, by account. All others have the assignment's."""
    query = select(Extension).where(Extension.assignment_id == assignment.id)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {each.account_id: Terms.of(assignment, each).deadline for each in found}


def extensions_of(
    session: Session, assignments: Collection[uuid.UUID], student: Account
) -> dict[uuid.UUID, Extension]:
    """One student's extensions, by the assignment's id."""
    query = select(Extension).where(
        Extension.assignment_id.in_(assignments), Extension.account_id == student.id
    )
    # Somebody may have changed it since this session read it.
    found = session.scalars(query.execution_options(populate_existing=True))
    return {extension.assignment_id: extension for extension in found}
