"""Courses: create, find, list and change them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.audit.log import describe, record, record_change
from service.courses.access import require_course_creator, require_teacher_or_operator
from service.courses.models import Assignment, Course, Enrolment, Role
from service.courses.options import MAX_TITLE
from service.courses.slugs import check_slug
from service.courses.time_zones import check_time_zone
from service.errors import Forbidden, Invalid, NotFound
from service.people.actors import Actor, LocalOperator, id_of, require_operator
from service.people.models import Account
from service.store.database import commit_unique


def create_course(
    session: Session, actor: Actor, *, slug: str, title: str, time_zone: str = "UTC"
) -> Course:
    """Create a course; an account that creates one becomes its teacher. Commits.

    Raises Invalid for a slug, title or time zone that can't be used, Conflict for a slug that is
    in use.
    """
    course = add_course(session, actor, slug=slug, title=title, time_zone=time_zone)
    commit_unique(session, "slug", f"There is a course {slug} already.")
    return course


def add_course(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    title: str,
    time_zone: str,
    recorded: Mapping[str, Any] | None = None,
) -> Course:
    """Add a course like `create_course`; the caller commits. The audit keeps `recorded` too."""
    require_course_creator(session, actor)
    values = _check(slug=slug, title=title, time_zone=time_zone)
    course = Course(id=uuid.uuid4(), **values)
    if not isinstance(actor, LocalOperator):
        course.enrolments.append(Enrolment(account=actor, role=Role.TEACHER))
    session.add(course)
    after = describe(values) | dict(recorded or {})
    record(session, id_of(actor), "course.created", course_id=course.id, after=after)
    return course


def change_course(
    session: Session,
    actor: Actor,
    course: Course,
    *,
    title: str | None = None,
    slug: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Change a course's title, slug or time zone; None stays. Commits."""
    require_teacher_or_operator(session, actor, course.id)
    changes = {"slug": slug, "title": title, "time_zone": time_zone}
    values = _check(**{name: value for name, value in changes.items() if value is not None})
    before = {name: getattr(course, name) for name in values}
    for name, value in values.items():
        setattr(course, name, value)
    record_change(
        session, id_of(actor), "course.changed", course_id=course.id, before=before, after=values
    )
    commit_unique(session, "slug", f"There is a course {slug} already.")


def may_create_courses(session: Session, actor: Actor) -> bool:
    """Whether the actor may create courses."""
    try:
        require_course_creator(session, actor)
    except Forbidden:
        return False
    return True


def find_taught_course(session: Session, actor: Actor, slug: str) -> Course:
    """A course whose settings the actor may see and change: for its teachers."""
    course = find_course(session, actor, slug)
    require_teacher_or_operator(session, actor, course.id)
    return course


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


def _check(**values: str) -> dict[str, str]:
    """The values as they are stored; raises Invalid with the message of every wrong one."""
    checks = {"slug": check_slug, "title": _check_title, "time_zone": check_time_zone}
    checked: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        try:
            checked[name] = checks[name](value)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return checked


def _check_title(text: str) -> str:
    title = text.strip()
    message = ""
    if not title:
        message = "The title is empty. Give the course a title."
    elif "\0" in title:
        message = "The title has a NUL character in it. Remove it."
    elif len(title) > MAX_TITLE:
        message = f"The title is too long. Use at most {MAX_TITLE} characters."
    if message:
        raise Invalid(message, fields={"title": message})
    return title
