"""Assignments: create, find, change, open and close them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from service.audit.log import describe, record, record_change
from service.courses.access import require_staff, require_teacher
from service.courses.models import Assignment, Course, Enrolment
from service.courses.options import AssignmentOptions
from service.courses.slugs import check_slug
from service.errors import Conflict, NotFound
from service.people.actors import Actor, LocalOperator, id_of
from service.store.base import now
from service.store.database import commit_unique


class AmbiguousSlug(Conflict):
    """Several courses have an assignment with this slug; `found` has them all."""

    code = "ambiguous"

    def __init__(self, found: Sequence[Assignment]) -> None:
        self.found = found
        self.addresses = [f"/courses/{each.course.slug}/assignments/{each.slug}" for each in found]
        super().__init__(
            f"Several of your courses have an assignment {found[0].slug}. "
            f"Use one of these addresses: {', '.join(self.addresses)}."
        )

    @property
    def details(self) -> dict[str, object]:
        """The addresses to choose from."""
        return {"addresses": self.addresses}


def create_assignment(
    session: Session, actor: Actor, course: Course, slug: str, options: AssignmentOptions
) -> Assignment:
    """Create an assignment in a course; commits.

    Raises Invalid for a slug that can't be used, Conflict for one that is in use.
    """
    require_teacher(session, actor, course.id)
    assignment = Assignment(id=uuid.uuid4(), course=course, slug=check_slug(slug))
    _set_options(assignment, options)
    session.add(assignment)
    record(
        session,
        id_of(actor),
        "assignment.created",
        course_id=course.id,
        assignment_id=assignment.id,
        after={"slug": slug} | describe(_recorded(assignment)),
    )
    commit_unique(session, "slug", f"There is an assignment {slug} already.")
    return assignment


def change_assignment(
    session: Session, actor: Actor, assignment: Assignment, options: AssignmentOptions
) -> None:
    """Replace an assignment's options; commits.

    New suites and points apply to gradings that start from now on. Earlier results keep theirs.
    """
    require_teacher(session, actor, assignment.course_id)
    before = _recorded(assignment)
    _set_options(assignment, options)
    record_change(
        session,
        id_of(actor),
        "assignment.changed",
        course_id=assignment.course_id,
        assignment_id=assignment.id,
        before=before,
        after=_recorded(assignment),
    )
    session.commit()


def options_of(assignment: Assignment) -> AssignmentOptions:
    """An assignment's options as they are now."""
    values = {name: getattr(assignment, name) for name in AssignmentOptions.model_fields}
    return AssignmentOptions.model_construct(**values | {"suites": assignment.points})


def set_closed(session: Session, actor: Actor, assignment: Assignment, closed: bool) -> None:
    """Close an assignment from now on, or open it again; commits.

    Raises Conflict if its deadline closed it, since opening it would change nothing.
    """
    require_staff(session, actor, assignment.course_id)
    before = assignment.closed_at
    moment = now()
    if closed:
        if assignment.closed_at is None or assignment.closed_at > moment:
            assignment.closed_at = moment
    else:
        if assignment.deadline_closed(moment):
            raise Conflict(
                "The deadline has passed, and late submissions are rejected: "
                "opening this assignment would change nothing. Change its deadline first.",
                code="deadline_passed",
            )
        assignment.closed_at = None
    record_change(
        session,
        id_of(actor),
        "assignment.closed" if closed else "assignment.opened",
        course_id=assignment.course_id,
        assignment_id=assignment.id,
        before={"closed_at": before},
        after={"closed_at": assignment.closed_at},
    )
    session.commit()


def find_assignment(
    session: Session, actor: Actor, slug: str, course: str | None = None
) -> Assignment:
    """An assignment of a course that the actor is enrolled in; raises NotFound.

    `course` is the course's slug. Without it, raises AmbiguousSlug if several of the actor's
    courses have such an assignment.
    """
    query = (
        select(Assignment)
        .join(Course, Course.id == Assignment.course_id)
        .where(Assignment.slug == slug)
        .options(contains_eager(Assignment.course), selectinload(Assignment.suites))
        .order_by(Course.slug)
    )
    if not isinstance(actor, LocalOperator):
        query = query.join(Enrolment, Enrolment.course_id == Assignment.course_id)
        query = query.where(Enrolment.account_id == actor.id)
    if course is not None:
        query = query.where(Course.slug == course)
    found = session.scalars(query).all()
    if not found:
        raise NotFound("There is no such assignment, or you are not enrolled in its course.")
    if len(found) > 1:
        raise AmbiguousSlug(found)
    return found[0]


def _recorded(assignment: Assignment) -> dict[str, Any]:
    """The options as the audit compares them."""
    return options_of(assignment).model_dump() | {"names": assignment.names.to_json()}


def _set_options(assignment: Assignment, options: AssignmentOptions) -> None:
    for name, value in options:
        setattr(assignment, "points" if name == "suites" else name, value)
