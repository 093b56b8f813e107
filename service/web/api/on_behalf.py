"""Teachers submit for a student."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from flask import Blueprint, url_for
from pydantic import AwareDatetime, Base64Bytes, Field, WithJsonSchema
from sqlalchemy.orm import Session

from service.courses import assignments
from service.courses.students import find_student
from service.people.models import Account
from service.submissions.class_files import ClassFile
from service.submissions.models import Status
from service.submissions.on_behalf import read_class_upload, submit_for, submit_for_class
from service.web.api.json_body import SourceText
from service.web.api.operation import Answer, Body, Query, Reply, operation
from service.web.bodies import CLASS_FILES, SOURCE
from service.web.forms import UploadedFile
from service.web.request import arrived_at, queue, services

of_assignment = Blueprint("api_on_behalf", __name__)


class StudentsSource(Body):
    """A student's file as JSON."""

    filename: str
    source: SourceText


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


class ClassFiles(Body):
    """A ZIP of a class's files in base64, in place of a file."""

    content: Base64Bytes


class ClassQuery(OnBehalfQuery):
    """How to submit a class's files, and when they were received."""

    dry_run: Annotated[
        int,
        Field(ge=0, le=1),
        WithJsonSchema({"enum": [0, 1]}),
        Field(description="1 submits nothing: the answer says what would happen."),
    ] = 0
    leave_out: Annotated[
        int,
        Field(ge=0, le=1),
        WithJsonSchema({"enum": [0, 1]}),
        Field(description="1 leaves files with a problem out. Otherwise nothing is submitted."),
    ] = 0


class FileAnswer(Answer):
    """A file of the ZIP and its student; `problem` says why it can't be submitted."""

    file: str
    email: str | None
    problem: str


class ClassAnswer(Answer):
    """What was submitted, or would be; what was submitted before; and files with a problem."""

    submitted: list[FileAnswer]
    known: list[FileAnswer]
    problems: list[FileAnswer]
    applied: bool


@of_assignment.post("/class-files")
@operation("Submit a ZIP of the class's files (teachers)", errors=(403, 413), limit=CLASS_FILES)
def submit_class_files(
    actor: Account,
    session: Session,
    slug: str,
    query: ClassQuery,
    body: ClassFiles | UploadedFile,
    course: str | None = None,
) -> ClassAnswer:
    """Submit files as Moodle and Canvas name them, each for its student, all or none."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    if query.dry_run:
        found = read_class_upload(session, actor, assignment, body.content)
    else:
        found = submit_for_class(
            session,
            actor,
            assignment,
            queue().enqueue,
            content=body.content,
            received_at=query.received_at or arrived_at(),
            leave_out_problems=bool(query.leave_out),
        )
    return ClassAnswer(
        submitted=_to_answers(found.new),
        known=_to_answers(found.known),
        problems=_to_answers(found.problems),
        applied=not query.dry_run,
    )


def _to_answers(files: Sequence[ClassFile]) -> list[FileAnswer]:
    return [
        FileAnswer(
            file=each.path,
            email=None if each.student is None else each.student.email,
            problem=each.problem,
        )
        for each in files
    ]


@of_assignment.post("/students/<email>/submissions")
@operation(
    "Submit a file for a student (teachers)",
    status=202,
    errors=(403, 413),
    limit=SOURCE,
    sends=("Location",),
)
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
