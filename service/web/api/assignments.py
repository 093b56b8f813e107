"""Assignments and their grades."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from flask import Blueprint, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.courses import assignments, courses
from service.courses.assignments import set_closed
from service.courses.late_rules import LateKind
from service.courses.models import Assignment, AttemptThatCounts, Feedback
from service.courses.options import AssignmentOptions, Title
from service.marks.export import Format, grades_csv
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.web.api.gradebook import CsvQuery
from service.web.api.operation import Answer, Body, Headers, Reply, operation
from service.web.bodies import ASSIGNMENT
from service.web.download import csv_file

blueprint = Blueprint("api_new_assignments", __name__)
of_assignment = Blueprint("api_assignments", __name__)


class SuiteAnswer(Answer):
    """A suite and its points."""

    name: str
    points: float


class NamesAnswer(Answer):
    """The names that your engine's parts must have; null where any name will do."""

    class_name: str | None
    data: str | None
    grad: str | None
    backward: str | None


class LateRuleAnswer(Answer):
    """What happens to late submissions, where `accept` or `refuse` alone doesn't say it."""

    kind: LateKind
    percent: float | None
    floor: float
    grace_minutes: int


class AssignmentAnswer(Answer):
    """An assignment. Results of a suite without points are shown, but don't count.

    `your_deadline`, `closed` and `attempts_left` are yours, with your extension; `attempts_left` is
    null without a limit. `version` grows with each change of the options. Before it opens,
    students see no description, suites and names.
    """

    slug: str
    title: str
    course: str
    description: str
    opens_at: datetime | None
    deadline: datetime | None
    your_deadline: datetime | None
    late_policy: Literal["accept", "refuse"] | LateRuleAnswer
    closed: bool
    attempt_limit: int | None
    attempts_left: int | None
    pause_minutes: int
    attempt_that_counts: AttemptThatCounts
    feedback: Feedback
    hold_marks: bool
    max_score: float
    suites: list[SuiteAnswer]
    names: NamesAnswer
    draw_per_student: bool
    require_double: bool
    version: int


class NewAssignment(AssignmentOptions, Body):
    """An assignment to create. Without suites, it has all of them with their usual points."""

    slug: str


class AssignmentChanges(AssignmentOptions, Body):
    """What changes in an assignment. Options that are left out stay as they are."""

    title: Title = ""
    slug: str | None = None


class ChangeHeaders(Headers):
    """The version that the change was made for, as in the `ETag`. Any version without it."""

    if_match: str | None = Field(
        default=None,
        alias="If-Match",
        description="The ETag of the assignment that you read. If it changed since: 412.",
    )

    @property
    def version(self) -> int | None:
        """The version; None for any, 0 for one that never was."""
        if self.if_match is None or self.if_match.strip() == "*":
            return None
        # A proxy or we ourselves may have made `W/"3"` or `"3:gzip"` of it when compressing.
        found = re.search(r'"(\d{1,9})(?::\w+)?"', self.if_match)
        return int(found[1]) if found else 0


@of_assignment.get("")
@operation("Read an assignment", sends=("ETag",))
def read(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> Reply[AssignmentAnswer]:
    """Read an assignment, and how many attempts you have left."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    return _reply(session, assignment, actor)


@blueprint.post("/courses/<course>/assignments")
@operation(
    "Create an assignment (teachers)",
    status=201,
    errors=(403, 409),
    limit=ASSIGNMENT,
    sends=("ETag", "Location"),
)
def create(
    actor: Account, session: Session, course: str, body: NewAssignment
) -> Reply[AssignmentAnswer]:
    """Create an assignment."""
    found = courses.find_course(session, actor, course)
    assignment = assignments.create_assignment(session, actor, found, body.slug, body)
    reply = _reply(session, assignment, actor)
    location = url_for("api_assignments_of_course.read", course=course, slug=assignment.slug)
    return Reply(answer=reply.answer, headers={**reply.headers, "Location": location})


@of_assignment.patch("")
@operation(
    "Change an assignment (teachers)",
    errors=(403, 409, 412),
    limit=ASSIGNMENT,
    sends=("ETag",),
)
def change(
    actor: Account,
    session: Session,
    slug: str,
    body: AssignmentChanges,
    headers: ChangeHeaders,
    course: str | None = None,
) -> Reply[AssignmentAnswer]:
    """Change options of an assignment."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    changes = {name: getattr(body, name) for name in body.model_fields_set - {"slug"}}
    assignments.change_assignment(
        session, actor, assignment, changes, slug=body.slug, version=headers.version
    )
    return _reply(session, assignment, actor)


@of_assignment.get("/grades.csv")
@operation("Download the grades (staff)", errors=(403,), media_type="text/csv")
def download_grades(
    actor: Account, session: Session, query: CsvQuery, slug: str, course: str | None = None
) -> Response:
    """Download every student's mark as CSV, one row a student."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    text = grades_csv(session, actor, assignment, Format(query.format))
    return csv_file(text, f"{assignment.slug}-grades.csv")


@of_assignment.post("/close")
@operation("Accept no more submissions (teachers)", errors=(403,))
def close(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> AssignmentAnswer:
    """Close an assignment. Does nothing when it's closed already."""
    return _set_closed(session, actor, slug, course, True)


@of_assignment.post("/open")
@operation("Accept submissions again (teachers)", errors=(403, 409))
def reopen(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> AssignmentAnswer:
    """Open an assignment again. Does nothing when it's open already."""
    return _set_closed(session, actor, slug, course, False)


def _set_closed(
    session: Session, actor: Account, slug: str, course: str | None, closed: bool
) -> AssignmentAnswer:
    assignment = assignments.find_assignment(session, actor, slug, course)
    set_closed(session, actor, assignment, closed)
    return _to_answer(session, assignment, actor)


def _to_answer(session: Session, assignment: Assignment, actor: Account) -> AssignmentAnswer:
    moment = now()
    standing = find.standing(session, actor, assignment, actor, moment)
    return AssignmentAnswer(
        **assignments.visible_options(session, actor, assignment).to_json(),
        slug=assignment.slug,
        course=assignment.course.slug,
        your_deadline=standing.terms.deadline,
        closed=standing.terms.closed(moment),
        attempts_left=standing.attempts_left,
        max_score=assignment.max_score,
        version=assignment.version,
    )


def _reply(session: Session, assignment: Assignment, actor: Account) -> Reply[AssignmentAnswer]:
    headers = {"ETag": f'"{assignment.version}"'}
    return Reply(answer=_to_answer(session, assignment, actor), headers=headers)
