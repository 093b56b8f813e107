"""Courses: create, find, list and change them."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.audit.log import describe, record, record_change
from service.courses.access import require_course_creator, require_teacher_or_operator
from service.courses.models import Assignment, Course, Enrolment, Role
from service.courses.slugs import check_slug
from service.errors import Invalid, NotFound
from service.people.actors import Actor, LocalOperator, id_of, require_operator
from service.people.models import Account
from service.store.database import commit_unique


def create_course(session: Session, actor: Actor, *, slug: str, title: str) -> Course:
    """Create a course; an account that creates one becomes its teacher. Commits.

    Raises Invalid for a slug or title that can't be used, Conflict for a slug that is in use.
    """
    require_course_creator(session, actor)
    course = Course(id=uuid.uuid4(), slug=check_slug(slug), title=_check_title(title))
    if not isinstance(actor, LocalOperator):
        course.enrolments.append(Enrolment(account=actor, role=Role.TEACHER))
    session.add(course)
    after = describe({"slug": course.slug, "title": course.title})
    record(session, id_of(actor), "course.created", course_id=course.id, after=after)
    commit_unique(session, "slug", f"There is a course {slug} already.")
    return course


def change_course(session: Session, actor: Actor, course: Course, *, title: str) -> None:
    """Give a course another title; commits."""
    require_teacher_or_operator(session, actor, course.id)
    before = {"title": course.title}
    course.title = _check_title(title)
    record_change(
        session,
        id_of(actor),
        "course.changed",
        course_id=course.id,
        before=before,
        after={"title": course.title},
    )
    session.commit()


def find_course(session: Session, actor: Actor, slug: str) -> Course:
    """A course that the actor is enrolled in; raises NotFound."""
    query = (
        select(Course)
        .where(Course.slug == slug)
        .options(selectinload(Course.assignments).selectinload(Assignment.suites))
    )
    if not isinstance(actor, LocalOperator):
        query = query.join(Enrolment).where(Enrolment.account_id == actor.id)
    course = session.scalar(query)
    if course is None:
        raise NotFound("There is no such course, or you are not enrolled in it.")
    return course


def list_enrolments(session: Session, actor: Account) -> list[Enrolment]:
    """The actor's own enrolments, by the course's title."""
    query = (
        select(Enrolment)
        .join(Course)
        .where(Enrolment.account_id == actor.id)
        .options(joinedload(Enrolment.course).selectinload(Course.assignments))
        .order_by(Course.title, Course.slug)
    )
    return list(session.scalars(query))


def list_all_courses(session: Session, actor: Actor) -> list[Course]:
    """Every course of the installation, by its slug. Only operators may."""
    require_operator(actor)
    query = select(Course).options(selectinload(Course.assignments)).order_by(Course.slug)
    return list(session.scalars(query))


def _check_title(text: str) -> str:
    title = text.strip()
    if not title or "\0" in title:
        message = "The title is empty. Give the course a title."
        raise Invalid(message, fields={"title": message})
    return title
