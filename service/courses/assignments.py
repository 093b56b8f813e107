"""Assignments: create, find, change, open and close them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from service.audit.log import describe, record, record_change
from service.courses.access import (
    is_staff,
    require_enrolled,
    require_teacher,
)
from service.courses.models import Assignment, Course, Enrolment
from service.courses.options import AssignmentOptions
from service.courses.slugs import check_slug
from service.errors import Conflict, NotFound, ServiceError
from service.people.actors import Actor, LocalOperator, id_of
from service.store.base import now
from service.store.database import commit_unique
from worker.report.names import Names


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


class ChangedMeanwhile(ServiceError):  # noqa: N818 - named after what happened
    """Somebody else changed the assignment since it was read.

    `differences` has your value and the stored one for each option in which they differ.
    """

    status = 412
    code = "changed_meanwhile"

    def __init__(self, differences: Mapping[str, tuple[Any, Any]], version: int) -> None:
        self.differences = dict(differences)
        self.version = version
        theirs = (
            f"Your values differ from theirs in: {', '.join(differences)}."
            if differences
            else "Your values are stored already."
        )
        super().__init__(
            f"Somebody else changed this assignment after you read it. {theirs} "
            "Read it again, then send what you want to keep."
        )

    @property
    def details(self) -> dict[str, object]:
        """Both values of each option."""
        return {
            name: {"yours": yours, "theirs": theirs}
            for name, (yours, theirs) in self.differences.items()
        }

    @property
    def headers(self) -> dict[str, str]:
        """The current version."""
        return {"ETag": f'"{self.version}"'}


def create_assignment(
    session: Session, actor: Actor, course: Course, slug: str, options: AssignmentOptions
) -> Assignment:
    """Create an assignment in a course; commits.

    Raises Invalid for a slug that can't be used, Conflict for one that is in use.
    """
    require_teacher(session, actor, course.id)
    options.check_together()
    assignment = Assignment(id=uuid.uuid4(), course=course, slug=check_slug(slug))
    set_options(assignment, options)
    session.add(assignment)
    record(
        session,
        id_of(actor),
        "assignment.created",
        course_id=course.id,
        assignment_id=assignment.id,
        after=describe({"slug": slug} | options.to_json()),
    )
    commit_unique(session, "slug", f"There is an assignment {slug} already.")
    return assignment


def change_assignment(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    changes: Mapping[str, Any],
    *,
    slug: str | None = None,
    version: int | None = None,
) -> AssignmentOptions:
    """Change those options of an assignment that `changes` names; commits. Returns all options.

    New suites and points apply to gradings that start from now on. Earlier results keep theirs.
    If `version` is given, it must be the assignment's: raises ChangedMeanwhile if somebody else has
    changed it since.
    """
    require_teacher(session, actor, assignment.course_id)
    session.refresh(assignment, with_for_update=True)
    session.refresh(assignment, ["suites"])
    options = options_of(assignment)
    if version is not None and version != assignment.version:
        differences = options.differences(changes)
        if slug not in {None, assignment.slug}:
            differences["slug"] = (slug, assignment.slug)
        raise ChangedMeanwhile(differences, assignment.version)
    changed = options.with_changes(**changes)
    before = options.to_json() | {"slug": assignment.slug}
    if changed.hold_marks and not options.hold_marks:
        assignment.released_at = None
    set_options(assignment, changed)
    if slug is not None:
        assignment.slug = check_slug(slug)
    after = changed.to_json() | {"slug": assignment.slug}
    if after != before:
        assignment.version += 1
    record_change(
        session,
        id_of(actor),
        "assignment.changed",
        course_id=assignment.course_id,
        assignment_id=assignment.id,
        before=before,
        after=after,
    )
    commit_unique(session, "slug", f"There is an assignment {slug} already.")
    return changed


def options_of(assignment: Assignment) -> AssignmentOptions:
    """An assignment's options as they are now."""
    values = {name: getattr(assignment, name) for name in AssignmentOptions.model_fields}
    values |= {"suites": assignment.points, "late_policy": assignment.late_rule}
    return AssignmentOptions.model_construct(**values)


def editable_options(session: Session, actor: Actor, assignment: Assignment) -> AssignmentOptions:
    """An assignment's options for somebody who may change them: a teacher."""
    require_teacher(session, actor, assignment.course_id)
    return options_of(assignment)


def new_options(session: Session, actor: Actor, course: Course) -> AssignmentOptions:
    """The usual options for a new assignment, still without a title. For teachers."""
    require_teacher(session, actor, course.id)
    return AssignmentOptions(title="New").model_copy(update={"title": ""})


def visible_options(session: Session, actor: Actor, assignment: Assignment) -> AssignmentOptions:
    """An assignment's options as the actor may see them.

    An assignment that opens later is announced: students see its title and dates, but neither the
    task nor what is graded.
    """
    options = options_of(assignment)
    if is_staff(session, actor, assignment.course_id):
        return options
    require_enrolled(session, actor, assignment.course_id)
    if assignment.opens_at is None or assignment.opens_at <= now():
        return options
    return options.model_copy(update={"description": "", "suites": {}, "names": Names()})


def set_closed(session: Session, actor: Actor, assignment: Assignment, closed: bool) -> None:
    """Close an assignment from now on, or open it again; commits. For teachers.

    Raises Conflict if its deadline closed it, since opening it would change nothing.
    """
    require_teacher(session, actor, assignment.course_id)
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


def assignments_of(session: Session, course: Course) -> list[Assignment]:
    """The assignments of a course with their suites, the oldest first. Checks no rights."""
    query = (
        select(Assignment)
        .where(Assignment.course_id == course.id)
        .options(selectinload(Assignment.suites))
        .order_by(Assignment.created_at, Assignment.slug)
    )
    return list(session.scalars(query))


def set_options(assignment: Assignment, options: AssignmentOptions) -> None:
    """Store options in an assignment, without checking anything. The caller commits."""
    stored_as = {"suites": "points", "late_policy": "late_rule"}
    for name in AssignmentOptions.model_fields:
        setattr(assignment, stored_as.get(name, name), getattr(options, name))
