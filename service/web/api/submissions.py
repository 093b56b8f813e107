"""Submissions: submit a file, read, wait, list."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint, Response, render_template, url_for
from pydantic import Field, WithJsonSchema
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from service.courses import assignments
from service.courses.access import is_staff
from service.courses.deadlines import own_deadlines
from service.feedback.levels import Level, Sight
from service.marks import results
from service.marks.late import late_minutes
from service.marks.since import read_since
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.submissions.models import Grading, Status, Submission
from service.submissions.runnable import NAME, About, Loader
from service.submissions.submit import MAX_KEY
from service.submissions.submit import submit as store_submission
from service.web import holding
from service.web.api import gradescope
from service.web.api.json_body import SourceText
from service.web.api.operation import (
    Answer,
    Body,
    Headers,
    Query,
    Reply,
    operation,
)
from service.web.bodies import SOURCE
from service.web.download import program_file, source_file
from service.web.forms import UploadedFile
from service.web.request import arrived_at, queue, services
from service.web.view.counterexample import draw_counterexample
from service.web.view.graph_png import to_png
from service.web.view.graph_svg import GraphPicture, paint

blueprint = Blueprint("api_submissions", __name__)
of_assignment = Blueprint("api_assignment_submissions", __name__)

LONGEST_WAIT = 30.0  # seconds
ASK_AGAIN = "2"  # seconds, if too many requests wait
LISTED, MAX_LISTED = 100, 500  # submissions in an answer

REPORTS = ("Report", "OutcomeReport", "ScoreReport", "ProblemReport")
ReportJson = Annotated[
    dict[str, Any] | None,
    WithJsonSchema(
        {
            "anyOf": [
                *({"$ref": f"#/components/schemas/{name}"} for name in REPORTS),
                {"type": "null"},
            ]
        }
    ),
]


class Source(Body):
    """A submission as JSON in place of a file."""

    filename: str
    source: SourceText


class SubmitHeaders(Headers):
    """A key, so that a request that is sent twice is one submission."""

    idempotency_key: Annotated[
        str | None,
        # The use case checks it, in the API as on the pages.
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_KEY}),
        Field(
            alias="Idempotency-Key",
            description="The same key with the same bytes gives the same submission again.",
        ),
    ] = None


class ListQuery(Query):
    """How many submissions to list, and where to go on."""

    limit: int = Field(
        LISTED, ge=1, le=MAX_LISTED, description="How many submissions to list at most."
    )
    before: str | None = Field(
        None, description="List older ones: the `next` of the previous answer."
    )


class ReadQuery(Query):
    """Whether to wait for the grading, and whether to send its report."""

    wait: float = Field(
        0,
        ge=0,
        description=(
            "Wait this many seconds for the grading to end, 30 at most. If too many of your "
            "requests wait already, this one is answered at once, with `Retry-After`."
        ),
    )
    report: Annotated[
        int,
        Field(ge=0, le=1),
        WithJsonSchema({"enum": [0, 1]}),
        Field(description="0 leaves the report out: it is null then. A report is large."),
    ] = 1


class Accepted(Answer):
    """The answer to a submission. `receipt` is signed and can be verified later. `same_as` is your
    newest earlier submission of the same file to this assignment, null if there is none.
    """

    id: uuid.UUID
    attempt: int
    status: Status
    sha256: str
    receipt: str
    same_as: uuid.UUID | None


class Summary(Answer):
    """A submission in a list, with the grading that counts. A regrade shows once it's done.

    `spends_attempt` is false if the file couldn't be graded. The scores are null until the grading
    is done, and while they aren't shown to you.
    """

    id: uuid.UUID
    student: str
    attempt: int
    filename: str
    sha256: str
    submitted_at: datetime
    late_minutes: int
    status: Status
    spends_attempt: bool
    score: float | None
    max_score: float | None


class Summaries(Answer):
    """Submissions, the newest first. `next` is the `before` for older ones, null at the end."""

    submissions: list[Summary]
    next: str | None


class ChangeAnswer(Answer):
    """A test that was fixed or broken."""

    suite: str
    id: str
    title: str


class SinceAnswer(Answer):
    """What changed since the newest earlier attempt that could be tested.

    `sentence` says all of it. `gone` and `new` are titles of diagnosed mistakes.
    """

    attempt: int
    sentence: str
    fixed: list[ChangeAnswer]
    broken: list[ChangeAnswer]
    gone: list[str]
    new: list[str]


class Detail(Summary):
    """A submission with its newest grading: a regrade shows from its start.

    `report` is null until the grading is done, with `?report=0`, and if an old report was removed.
    It has what `feedback` shows you: `full` is a `Report`, `tests` an `OutcomeReport`, `score` a
    `ScoreReport`. With `nothing_until_deadline` it is null, or a `ProblemReport` if the file
    couldn't be graded; `hidden_until` is the moment after which all is shown.
    `since` compares the report with that of an earlier attempt, where tests are shown.
    `attempt_limit` and `attempts_left` are the student's now, with their extension; null without a
    limit.
    """

    assignment: str
    feedback: Level
    hidden_until: datetime | None
    attempt_limit: int | None
    attempts_left: int | None
    queue_position: int | None
    receipt: str
    report: ReportJson
    since: SinceAnswer | None


@of_assignment.post("/submissions")
@operation(
    "Submit a file, or its source as JSON",
    status=202,
    errors=(403, 409, 413, 429),
    limit=SOURCE,
    sends=("Location",),
)
def submit(
    actor: Account,
    session: Session,
    slug: str,
    body: Source | UploadedFile,
    headers: SubmitHeaders,
    course: str | None = None,
) -> Reply[Accepted]:
    """Accept a submission and queue it for grading."""
    submitted = store_submission(
        session,
        actor,
        assignments.find_assignment(session, actor, slug, course),
        queue().enqueue,
        filename=body.filename,
        content=body.content if isinstance(body, UploadedFile) else body.source.encode(),
        idempotency_key=headers.idempotency_key,
        per_minute=services().settings.submissions_per_minute,
        accept_same=True,
        arrived_at=arrived_at(),
    )
    submission, same_as = submitted.submission, submitted.same_as
    accepted = Accepted(
        id=submission.id,
        attempt=submission.attempt,
        status=submission.grading.status,
        sha256=submission.sha256,
        receipt=services().receipts.sign(submission),
        same_as=None if same_as is None else same_as.id,
    )
    location = url_for("api_submissions.read", submission_id=submission.id)
    return Reply(answer=accepted, headers={"Location": location})


@of_assignment.get("/submissions")
@operation("List your own submissions; staff see everybody's")
def list_submissions(
    actor: Account, session: Session, slug: str, query: ListQuery, course: str | None = None
) -> Summaries:
    """List submissions."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    listed = find.list_submissions(
        session,
        actor,
        assignment,
        None if is_staff(session, actor, assignment.course_id) else actor,
        limit=query.limit,
        before=query.before,
    )
    sight = results.find_sight(session, actor, assignment)
    deadlines = own_deadlines(session, assignment)
    summaries = [
        Summary(
            **_summary(
                each,
                each.counting,
                sight,
                deadlines.get(each.student_id, assignment.deadline),
            )
        )
        for each in listed.submissions
    ]
    return Summaries(submissions=summaries, next=listed.last)


@blueprint.get("/submissions/<uuid:submission_id>")
@operation("Read a submission and its report, or wait for it")
def read(
    actor: Account, session: Session, submission_id: uuid.UUID, query: ReadQuery
) -> Reply[Detail]:
    """Read a submission, or wait until its grading has ended."""
    if query.wait:
        holding.join(submission_id, actor.id)
    submission = find.find_submission(session, actor, submission_id)
    grading = submission.grading
    refused = query.wait and not (
        grading.status.ended or holding.wait(min(query.wait, LONGEST_WAIT))
    )
    sight = results.find_sight(session, actor, submission.assignment)
    is_compared = query.report and grading.status is Status.DONE
    since = read_since(session, actor, submission) if is_compared else None
    standing = find.standing(session, actor, submission.assignment, submission.student, now())
    answer = Detail(
        **_summary(
            submission,
            grading,
            sight,
            standing.terms.deadline,
        ),
        assignment=submission.assignment.slug,
        feedback=sight.level,
        hidden_until=sight.until,
        attempt_limit=standing.terms.attempt_limit,
        attempts_left=standing.attempts_left,
        queue_position=find.queue_position(session, actor, grading),
        receipt=services().receipts.sign(submission),
        report=results.read_result_json(session, actor, grading) if query.report else None,
        since=None if since is None else SinceAnswer.model_validate(since, from_attributes=True),
    )
    return Reply(answer=answer, headers={"Retry-After": ASK_AGAIN} if refused else {})


@blueprint.get("/submissions/<uuid:submission_id>/results.json")
@operation("Read the result in Gradescope's format", errors=(403, 409))
def read_results(actor: Account, session: Session, submission_id: uuid.UUID) -> gradescope.Results:
    """Read the result in the format of Gradescope's autograders."""
    submission = find.find_submission(session, actor, submission_id)
    return gradescope.results(session, actor, submission.counting)


@blueprint.get("/submissions/<uuid:submission_id>/source")
@operation("Download the file of a submission", media_type="text/plain")
def read_source(actor: Account, session: Session, submission_id: uuid.UUID) -> BaseResponse:
    """Download the file as it was submitted; of a notebook, its code."""
    submission = find.find_submission(session, actor, submission_id)
    return source_file(submission.source, submission.filename)


@blueprint.get("/submissions/<uuid:submission_id>/counterexample.py")
@operation(
    "Read a program that shows where the engine is wrong",
    errors=(403,),
    media_type="text/x-python",
)
def read_counterexample(actor: Account, session: Session, submission_id: uuid.UUID) -> BaseResponse:
    """Read the counterexample of the report that counts, as a program to run next to the file."""
    submission = find.find_submission(session, actor, submission_id)
    found = results.read_counterexample(session, actor, submission)
    loader = Loader.of(submission.filename, submission.source)
    text = loader.make_runnable(found.program, About.SMALL_GRAPH)
    return program_file(text, NAME)


@blueprint.get("/submissions/<uuid:submission_id>/counterexample.svg")
@operation("Read a drawing of where the engine is wrong", errors=(403,), media_type="image/svg+xml")
def read_drawing(actor: Account, session: Session, submission_id: uuid.UUID) -> BaseResponse:
    """Read the counterexample of the report that counts, as a drawing that stands alone."""
    _, text = _draw(actor, session, submission_id)
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(text, mimetype="image/svg+xml", headers=policy)


@blueprint.get("/submissions/<uuid:submission_id>/counterexample.png")
@operation("Read a picture of where the engine is wrong", errors=(403,), media_type="image/png")
def read_picture(actor: Account, session: Session, submission_id: uuid.UUID) -> BaseResponse:
    """Read the same drawing as a picture for slides."""
    picture, text = _draw(actor, session, submission_id)
    return Response(to_png(text, picture), mimetype="image/png")


def _draw(actor: Account, session: Session, submission_id: uuid.UUID) -> tuple[GraphPicture, str]:
    """The counterexample of a submission as a picture, and its SVG."""
    submission = find.find_submission(session, actor, submission_id)
    found = results.read_counterexample(session, actor, submission)
    picture = paint(draw_counterexample(found, theirs=submission.student_id != actor.id))
    return picture, render_template("_graph.svg", picture=picture, alone=True)


def _summary(
    submission: Submission, grading: Grading, sight: Sight, deadline: datetime | None
) -> dict[str, Any]:
    return {
        "id": submission.id,
        "student": submission.student.email,
        "attempt": submission.attempt,
        "filename": submission.filename,
        "sha256": submission.sha256,
        "submitted_at": submission.submitted_at,
        "late_minutes": late_minutes(deadline, submission.submitted_at),
        "status": grading.status,
        "spends_attempt": submission.spends_attempt,
        "score": grading.score if sight.points else None,
        "max_score": grading.max_score if sight.points else None,
    }
