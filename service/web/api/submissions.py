"""Submissions: hand in, read, wait, list, override, regrade."""

from __future__ import annotations

import math
import re
import uuid
from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import WithJsonSchema

from service.courses import assignments
from service.courses.access import is_staff
from service.courses.models import Assignment
from service.errors import Invalid, UnsupportedMedia
from service.marks import gradebook
from service.submissions import find
from service.submissions.hand_in import MAX_KEY, submit
from service.submissions.models import Grading, Status, Submission
from service.web.api import gradescope
from service.web.api.exchange import (
    Answer,
    Body,
    Description,
    Parameter,
    answer,
    describe,
    read_body,
)
from service.web.request import db_session, queue, require_account, services

blueprint = Blueprint("api_submissions", __name__)

LONGEST_WAIT = 30.0  # seconds
LISTED, MOST_LISTED = 100, 500  # submissions in an answer

ReportJson = Annotated[
    dict[str, Any] | None,
    WithJsonSchema({"anyOf": [{"$ref": "#/components/schemas/Report"}, {"type": "null"}]}),
]

IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    where="header",
    schema={"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    description="The same key with the same bytes gives the same submission again.",
)
WAIT = Parameter(
    name="wait",
    where="query",
    schema={"type": "number", "minimum": 0},
    description="Hold the answer until the grading ends, for so many seconds, 30 at most.",
)
REPORT = Parameter(
    name="report",
    where="query",
    schema={"enum": [0, 1]},
    description="With 0 the report is left out, and null: it is large, and not always needed.",
)
LIMIT = Parameter(
    name="limit",
    where="query",
    schema={"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": LISTED},
    description="How many submissions to list at most.",
)
BEFORE = Parameter(
    name="before",
    where="query",
    schema={"type": "string"},
    description="List those that are older: the `next` of the answer before.",
)


class Source(Body):
    """A submission as JSON in place of a file."""

    filename: str
    source: str


class Accepted(Answer):
    """What is said on handing in; `receipt` is signed and can be verified later."""

    id: uuid.UUID
    attempt: int
    status: Status
    sha256: str
    receipt: str


class Summary(Answer):
    """A submission in a list, with the grading that counts: a regrade shows once it is done."""

    id: uuid.UUID
    student: str
    attempt: int
    filename: str
    sha256: str
    submitted_at: datetime
    late_minutes: int
    status: Status
    score: float | None
    max_score: float | None


class Summaries(Answer):
    """Submissions, the newest first; `next` is the `before` of older ones, null at the end."""

    submissions: list[Summary]
    next: str | None


class Detail(Summary):
    """A submission with its newest grading: a regrade shows from its start. `report` is null until
    it is done, and where it is not asked for.
    """

    assignment: str
    queue_position: int | None
    receipt: str
    report: ReportJson


@blueprint.post("/assignments/<slug>/submissions")
@describe(
    Description(
        summary="Hand in a file, or its source as JSON",
        answer=Accepted,
        status=202,
        errors=(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
        body=Source,
        file=True,
        parameters=(IDEMPOTENCY_KEY,),
    )
)
def hand_in(slug: str) -> ResponseReturnValue:
    """Take a submission."""
    student = require_account()
    filename, content = _read_upload()
    taken = submit(
        db_session(),
        queue().enqueue,
        assignment=assignments.find_assignment(db_session(), student, slug),
        student=student,
        filename=filename,
        content=content,
        idempotency_key=request.headers.get("Idempotency-Key"),
        per_minute=services().settings.submissions_per_minute,
    )
    accepted = Accepted(
        id=taken.id,
        attempt=taken.attempt,
        status=taken.grading.status,
        sha256=taken.sha256,
        receipt=services().receipts.sign(taken),
    )
    location = url_for("api_submissions.read", submission_id=taken.id)
    return answer(accepted, 202, {"Location": location})


@blueprint.get("/assignments/<slug>/submissions")
@describe(
    Description(
        summary="List your own submissions; staff see everybody's",
        answer=Summaries,
        errors=(401, 404, 422, 503),
        parameters=(LIMIT, BEFORE),
    )
)
def list_them(slug: str) -> ResponseReturnValue:
    """List submissions."""
    viewer, session = require_account(), db_session()
    assignment = assignments.find_assignment(session, viewer, slug)
    found = find.list_submissions(
        session,
        assignment,
        None if is_staff(session, viewer, assignment.course_id) else viewer,
        limit=_read_limit(),
        before=request.args.get("before"),
    )
    told = [Summary(**_summary(each, assignment, each.counting)) for each in found.submissions]
    return answer(Summaries(submissions=told, next=found.last))


@blueprint.get("/submissions/<uuid:submission_id>")
@describe(
    Description(
        summary="Read a submission and its report, or wait for it",
        answer=Detail,
        errors=(401, 404, 422, 503),
        parameters=(WAIT, REPORT),
    )
)
def read(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Read a submission, once its grading has ended if asked to wait."""
    viewer, session = require_account(), db_session()
    seconds, with_report = _read_wait(), _read_report()
    found = find.find_submission(session, viewer, submission_id)
    if seconds and not found.grading.status.ended:
        waited_for = found.grading.id
        session.close()  # no connection is held by one who waits
        services().watch.wait(waited_for, seconds)
        found = find.find_submission(session, viewer, submission_id)
    grading = found.grading
    return answer(
        Detail(
            **_summary(found, found.assignment, grading),
            assignment=found.assignment.slug,
            queue_position=find.queue_position(session, grading),
            receipt=services().receipts.sign(found),
            # It is read later than the status, and may have come in between.
            report=grading.report if with_report and grading.status is Status.DONE else None,
        )
    )


@blueprint.get("/submissions/<uuid:submission_id>/results.json")
@describe(
    Description(
        summary="Read the result in Gradescope's format",
        answer=gradescope.Results,
        errors=(401, 404, 409, 503),
    )
)
def read_results(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Give the result as Gradescope's autograders do."""
    found = find.find_submission(db_session(), require_account(), submission_id)
    return answer(gradescope.results(found.counting))


def _read_upload() -> tuple[str, bytes]:
    if request.mimetype == "application/json":
        body = read_body(Source)
        return body.filename, body.source.encode()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMedia(
            "Send the file as multipart/form-data in the field `file`, "
            'or JSON {"filename": ..., "source": ...}.'
        )
    upload = request.files.get("file")
    if upload is None:
        message = "There is no file in the field `file`. Choose one and send it again."
        raise Invalid(message, fields={"file": message})
    return upload.filename or "", upload.stream.read()


def _read_wait() -> float:
    text = request.args.get("wait", "0")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        message = "Give `wait` in seconds, from 0 up."
        raise Invalid(message, fields={"wait": message})
    return min(seconds, LONGEST_WAIT)


def _read_report() -> bool:
    text = request.args.get("report", "1")
    if text not in {"0", "1"}:
        message = "Give `report` as 0 to leave it out, or as 1."
        raise Invalid(message, fields={"report": message})
    return text == "1"


def _read_limit() -> int:
    text = request.args.get("limit", str(LISTED))
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > MOST_LISTED:
        message = f"Give `limit` as a whole number from 1 to {MOST_LISTED}."
        raise Invalid(message, fields={"limit": message})
    return int(text)


def _summary(submission: Submission, assignment: Assignment, grading: Grading) -> dict[str, Any]:
    return {
        "id": submission.id,
        "student": submission.student.email,
        "attempt": submission.attempt,
        "filename": submission.filename,
        "sha256": submission.sha256,
        "submitted_at": submission.submitted_at,
        "late_minutes": gradebook.late_minutes(assignment, submission.submitted_at),
        "status": grading.status,
        "score": grading.score,
        "max_score": grading.max_score,
    }
