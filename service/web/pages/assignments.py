"""An assignment: for students to hand in, for staff to see how the class does."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from service.courses import assignments
from service.courses.access import is_staff
from service.courses.assignments import set_closed
from service.courses.models import Assignment
from service.errors import Invalid, ServiceError, TooLarge
from service.marks.class_map import failing_cases, score_distribution
from service.marks.export import grades_csv
from service.marks.gradebook import mark_of, marks
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.submissions.hand_in import submit
from service.web.bodies import SOURCE, accept_body
from service.web.download import csv_file
from service.web.request import db_session, queue, require_account, services
from service.web.view.due_dates import due, refusal

blueprint = Blueprint("assignments", __name__)

MOST_FAILURES = 15  # cases that stand there; the others are folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form is filled with: a refused text comes back with the message beside it.

    `form` marks this rendering of the form, so that a double click hands in once.
    """

    form: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    source: str = ""
    message: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form: `place` is the field that it came in."""

    place: str
    filename: str
    content: bytes


@blueprint.get("/assignments/<slug>")
def show_assignment(slug: str) -> BaseResponse:
    """The assignment, as a student or as staff sees it."""
    account = require_account()
    return _page(assignments.find_assignment(db_session(), account, slug), account, Typed())


@blueprint.get("/assignments/<slug>/grades.csv")
def download_grades(slug: str) -> BaseResponse:
    """Everybody's marks for a spreadsheet."""
    account = require_account()
    assignment = assignments.find_assignment(db_session(), account, slug)
    return csv_file(grades_csv(db_session(), account, assignment), f"{assignment.slug}-grades.csv")


@blueprint.post("/assignments/<slug>/close")
def close(slug: str) -> BaseResponse:
    """Take nothing more."""
    return _set_closed(slug, True)


@blueprint.post("/assignments/<slug>/open")
def reopen(slug: str) -> BaseResponse:
    """Take submissions again."""
    return _set_closed(slug, False)


@blueprint.post("/assignments/<slug>/submissions")
@accept_body(SOURCE)
def hand_in(slug: str) -> BaseResponse:
    """Take an upload or a pasted text; what is refused comes back to the form."""
    account = require_account()
    try:
        request.get_data(parse_form_data=True)
    except RequestEntityTooLarge:
        error = TooLarge(SOURCE.message, fields={"file": SOURCE.message})
        assignment = assignments.find_assignment(db_session(), account, slug)
        return _refuse(assignment, account, Typed(), Sent("file", "", b""), error)
    assignment = assignments.find_assignment(db_session(), account, slug)
    sent = _read_form()
    typed = Typed(source=request.form.get("source", ""))
    try:
        if not sent.filename:
            raise Invalid("Choose a file first.", fields={"file": "Choose a file first."})
        submission = submit(
            db_session(),
            account,
            assignment,
            queue().enqueue,
            filename=sent.filename,
            content=sent.content,
            idempotency_key=_key(sent.content),
            per_minute=services().settings.submissions_per_minute,
        )
    except ServiceError as error:
        return _refuse(assignment, account, typed, sent, error)
    return redirect(f"/submissions/{submission.id}", 303)


def _set_closed(slug: str, closed: bool) -> BaseResponse:
    account = require_account()
    assignment = assignments.find_assignment(db_session(), account, slug)
    set_closed(db_session(), account, assignment, closed)
    return redirect(f"/assignments/{assignment.slug}", 303)


def _read_form() -> Sent:
    if "source" in request.form:
        text = request.form["source"].replace("\r\n", "\n")  # a form sends line ends its own way
        name = request.form.get("filename", "") or "value.py"
        return Sent("source", name, text.encode("utf-8", "replace"))
    upload = request.files.get("file")
    if upload is None:
        return Sent("file", "", b"")
    return Sent("file", upload.filename or "", upload.read())


def _key(content: bytes) -> str | None:
    # Of the form and the content: whoever goes back and changes the text hands in something new.
    form = request.form.get("form", "")
    if not form:
        return None
    return "form-" + hashlib.sha256(form.encode() + b"\0" + content).hexdigest()


def _refuse(
    assignment: Assignment, account: Account, typed: Typed, sent: Sent, error: ServiceError
) -> Response:
    """The form again: a message about the content stands beside the field that it came in."""
    if "file" in error.fields:
        typed = replace(typed, fields={sent.place: error.message})
    else:
        typed = replace(typed, message=error.message)
    answer = _page(assignment, account, typed)
    answer.status_code = error.status
    answer.headers.extend(error.headers)
    return answer


def _closing(assignment: Assignment, moment: datetime) -> str:
    """The last part of the address that closes or opens it; empty when its deadline closed it."""
    if assignment.deadline_closed(moment):
        return ""
    return "open" if assignment.closed(moment) else "close"


def _page(assignment: Assignment, account: Account, typed: Typed) -> Response:
    moment = now()
    left = find.attempts_left(db_session(), account, assignment)
    before = request.args.get("before")
    own = find.list_submissions(db_session(), account, assignment, account, before=before)
    common = {
        "assignment": assignment,
        "due": due(assignment, moment),
        "refusal": refusal(assignment, left, moment),
        "submissions": own.submissions,
        "older": own.last,
        "before": before,
        "typed": typed,
    }
    if not is_staff(db_session(), account, assignment.course_id):
        mark = mark_of(db_session(), account, assignment, account)
        return make_response(render_template("assignment.html", left=left, mark=mark, **common))
    found = marks(db_session(), account, assignment)
    return make_response(
        render_template(
            "overview.html",
            marks=found,
            handed_in=sum(mark.attempts > 0 for mark in found),
            buckets=score_distribution(found),
            closing=_closing(assignment, moment),
            failures=failing_cases(db_session(), account, found),
            most_failures=MOST_FAILURES,
            **common,
        )
    )
