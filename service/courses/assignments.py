"""Find, open and close assignments."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.courses.models import Assignment, Course, Enrolment
from service.errors import Conflict, NotFound
from service.people.models import Account
from service.store.base import now


def set_closed(session: Session, assignment: Assignment, closed: bool) -> None:
    """Take nothing more from now on, or take submissions again; commits.

    Conflict when the deadline has closed it for good.
    """
    moment = now()
    if closed:
        if assignment.closed_at is None or assignment.closed_at > moment:
            assignment.closed_at = moment
    else:
        if assignment.deadline_closed(moment):
            raise Conflict(
                "The deadline has passed, and late submissions are refused: "
                "opening this assignment would change nothing.",
                code="deadline_passed",
            )
        assignment.closed_at = None
    session.commit()


def find_assignment(
    session: Session, viewer: Account, slug: str, course: str | None = None
) -> Assignment:
    """An assignment of a course that the viewer is enrolled in, or of this very course.

    Raises NotFound when there is none.
    """
    query = (
        select(Assignment)
        .join(Enrolment, Enrolment.course_id == Assignment.course_id)
        .where(Assignment.slug == slug, Enrolment.account_id == viewer.id)
        .options(joinedload(Assignment.course), selectinload(Assignment.suites))
    )
    if course is not None:
        query = query.join(Course, Course.id == Assignment.course_id).where(Course.slug == course)
    assignment = session.scalar(query)
    if assignment is None:
        raise NotFound("There is no such assignment, or you are not enrolled in its course.")
    return assignment
