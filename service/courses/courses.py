"""Find courses and enrolments."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.courses.models import Assignment, Course, Enrolment
from service.errors import NotFound
from service.people.models import Account


def find_course(session: Session, viewer: Account, slug: str) -> Course:
    """A course that the viewer has a place in; else NotFound."""
    query = (
        select(Course)
        .join(Enrolment)
        .where(Course.slug == slug, Enrolment.account_id == viewer.id)
        .options(selectinload(Course.assignments).selectinload(Assignment.suites))
    )
    course = session.scalar(query)
    if course is None:
        raise NotFound("There is no such course, or you are not enrolled in it.")
    return course


def list_enrolments(session: Session, viewer: Account) -> list[Enrolment]:
    """The viewer's places in courses, by the course's title."""
    query = (
        select(Enrolment)
        .join(Course)
        .where(Enrolment.account_id == viewer.id)
        .options(joinedload(Enrolment.course).selectinload(Course.assignments))
        .order_by(Course.title, Course.slug)
    )
    return list(session.scalars(query))
