"""Teachers submit for a student."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from flask import Blueprint, url_for
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from service.courses import assignments
from service.courses.students import find_student
from service.people.models import Account
from service.submissions.models import Status
from service.submissions.on_behalf import submit_for
from service.web.api.operation import Answer, Body, Query, Reply, operation
from service.web.bodies import SOURCE
from service.web.forms import UploadedFile
from service.web.request import arrived_at, queue, services

of_assignment = Blueprint("api_on_behalf", __name__)


class StudentsSource(Body):
    """A student's file as JSON."""

    filename: str
    source: str


class OnBehalfQuery(Query):
    """When the file was received."""

    received_at: Annotated[
        AwareDatetime | None,
        Field(description="When you received the file; now, if it's left out. Lateness counts."),
    ] = None


class OnBehalf(Answer):
    """The student's new submission. `receipt` is signed and can be verified later."""

    id: uuid.UUID
    attempt: int
    status: Status
    sha256: str
    receipt: str
    submitted_at: datetime
    submitted_by: str


@of_assignment.post("/students/<email>/submissions")
@operation("Submit a file for a student (teachers)", status=202, errors=(403, 413), limit=SOURCE)
def submit_for_student(
    actor: Account,
    session: Session,
    slug: str,
    email: str,
    query: OnBehalfQuery,
    body: StudentsSource | UploadedFile,
    course: str | None = None,
) -> Reply[OnBehalf]:
    """Submit for a student, whenever and as often as you like. It counts as an attempt."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    submission = submit_for(
        session,
        actor,
        assignment,
        find_student(session, actor, assignment.course_id, email),
        queue().enqueue,
        filename=body.filename,
        content=body.content if isinstance(body, UploadedFile) else body.source.encode(),
        received_at=query.received_at or arrived_at(),
    )
    answer = OnBehalf(
        id=submission.id,
        attempt=submission.attempt,
        status=submission.grading.status,
        sha256=submission.sha256,
        receipt=services().receipts.sign(submission),
        submitted_at=submission.submitted_at,
        submitted_by=actor.email,
    )
    location = url_for("api_submissions.read", submission_id=submission.id)
    return Reply(answer=answer, headers={"Location": location})
