"""The page of an assignment: students submit there, staff see the class's results."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.courses import assignments
from service.courses.access import is_staff
from service.courses.assignments import set_closed
from service.courses.models import Assignment
from service.errors import ServiceError, TooLarge
from service.feedback.wording import describe_sight, describe_to_staff
from service.marks.export import grades_csv
from service.marks.gradebook import mark_of
from service.marks.listing import arrange, paginate
from service.marks.regraded import changed_by_regrades
from service.marks.regrades import list_regrades
from service.marks.results import find_sight, sights_of_students
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.submissions.submit import SameFile, submit
from service.submissions.uploads import clean_filename
from service.web.addresses import LONG, address_of
from service.web.bodies import SOURCE, accept_body
from service.web.download import csv_file, csv_format
from service.web.forms import FormState, SubmissionForm, UploadedFile, no_file, read_form, rejected
from service.web.found import assignment_of_page
from service.web.pages.class_map import read_class
from service.web.request import arrived_at, db_session, queue, require_account, services
from service.web.view.attempts import list_attempts
from service.web.view.due_dates import due, why_closed
from service.web.view.listed import Links, read_view
from service.web.view.requirements import list_requirements
from service.web.view.task_text import render_task
from service.web.view.times import local

blueprint = Blueprint("assignments", __name__, url_prefix=LONG)


@blueprint.get("")
def show_assignment(course: str, slug: str) -> BaseResponse:
    """The assignment, for a student or for staff."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    return _page(assignment, account, FormState())


@blueprint.get("/grades.csv")
def download_grades(course: str, slug: str) -> BaseResponse:
    """All marks as CSV."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    text = grades_csv(db_session(), account, assignment, csv_format())
    return csv_file(text, f"{assignment.slug}-grades.csv")


@blueprint.post("/close")
def close(course: str, slug: str) -> BaseResponse:
    """Accept no more submissions."""
    return _set_closed(course, slug, True)


@blueprint.post("/open")
def reopen(course: str, slug: str) -> BaseResponse:
    """Accept submissions again."""
    return _set_closed(course, slug, False)


@blueprint.post("/submissions")
@accept_body(SOURCE)
def submit_file(course: str, slug: str) -> BaseResponse:
    """Accept a file or pasted code. If it's rejected, the form comes back with the message."""
    account = require_account()
    try:
        form = read_form(SubmissionForm, content="file")
    except TooLarge as error:
        assignment = assignment_of_page(account, course, slug)
        return rejected(_page(assignment, account, FormState(errors=error.fields)), error)
    assignment = assignment_of_page(account, course, slug)
    try:
        upload = form.upload
        if form.again is not None:
            earlier = find.find_own(db_session(), account, assignment, form.again)
            content = earlier.source.encode("utf-8")
            upload = UploadedFile(filename=form.filename or earlier.filename, content=content)
        if not upload.filename:
            raise no_file("file")
        submitted = submit(
            db_session(),
            account,
            assignment,
            queue().enqueue,
            filename=upload.filename,
            content=upload.content,
            idempotency_key=form.idempotency_key,
            per_minute=services().settings.submissions_per_minute,
            accept_same=form.again is not None,
            arrived_at=arrived_at(),
        )
    except SameFile as same:
        query = urlencode({"filename": upload.filename})
        question = f"{address_of(assignment)}/submissions/{same.earlier.id}/again?{query}"
        return redirect(question, 303)
    except ServiceError as error:
        state = FormState.rejected(SubmissionForm, error, shown_at={"file": form.field})
        return rejected(_page(assignment, account, state), error)
    return redirect(f"/submissions/{submitted.submission.id}", 303)


@blueprint.get("/submissions/<uuid:submission_id>/again")
def ask_again(course: str, slug: str, submission_id: uuid.UUID) -> str:
    """Ask whether to submit a file that was submitted before. The file is stored already."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    earlier = find.find_own(db_session(), account, assignment, submission_id)
    sight = find_sight(db_session(), account, assignment)
    return render_template(
        "again.html",
        assignment=assignment,
        earlier=list_attempts([earlier], sight)[0],
        filename=clean_filename(request.args.get("filename", "")),
        left=find.attempts_left(db_session(), account, assignment, account),
        form_id=secrets.token_urlsafe(12),
    )


def _set_closed(course: str, slug: str, closed: bool) -> BaseResponse:
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    set_closed(db_session(), account, assignment, closed)
    flash(
        "The assignment is closed. Nobody can submit to it any more."
        if closed
        else "The assignment accepts submissions again."
    )
    return redirect(address_of(assignment), 303)


def _closing(assignment: Assignment, moment: datetime) -> str:
    """The action of the button, `close` or `open`; empty if the deadline closed the assignment."""
    if assignment.deadline_closed(moment):
        return ""
    return "open" if assignment.closed(moment) else "close"


def _page(assignment: Assignment, account: Account, form: FormState) -> Response:
    moment = now()
    values = _values_for_all(assignment, account, moment)
    values |= {"form": form, "form_id": secrets.token_urlsafe(12)}
    if is_staff(db_session(), account, assignment.course_id):
        values |= _values_for_staff(assignment, account, moment)
        return make_response(render_template("overview.html", **values))
    mark = mark_of(db_session(), account, assignment, account)
    course = assignment.course
    regraded = changed_by_regrades(db_session(), account, course, account, [mark])
    values |= {"mark": mark, "regraded": regraded.get(assignment.id)}
    return make_response(render_template("assignment.html", **values))


def _values_for_all(assignment: Assignment, account: Account, moment: datetime) -> dict[str, Any]:
    """The task, the dates, and one's own submissions."""
    before = request.args.get("before")
    own = find.list_submissions(db_session(), account, assignment, account, before=before)
    sight = find_sight(db_session(), account, assignment)
    options = assignments.visible_options(db_session(), account, assignment)
    standing = find.standing(db_session(), account, assignment, account, moment)
    return {
        "assignment": assignment,
        "asked": list_requirements(options.suites),
        "task": render_task(options.description),
        "announced": not options.suites,
        "server_time": moment,
        "standing": standing,
        "due": due(standing.terms, moment),
        "why_closed": why_closed(standing, moment),
        "notice": describe_sight(sight, local),
        "submissions": list_attempts(own.submissions, sight),
        "older": own.last,
        "before": before,
    }


def _values_for_staff(assignment: Assignment, account: Account, moment: datetime) -> dict[str, Any]:
    """The class's marks and mistakes."""
    sight = sights_of_students(db_session(), [assignment])[assignment.id]
    values = read_class(account, assignment)
    found = values["insights"].marks
    view = read_view(request.args)
    return values | {
        "marks": found,
        "listed": paginate(arrange(found, view), view, len(found)),
        "links": Links(address_of(assignment), view, "students"),
        "view": view,
        "submitters": sum(mark.attempts > 0 for mark in found),
        "regrades": list_regrades(db_session(), account, assignment),
        "closing": _closing(assignment, moment),
        "students_see": "" if sight.whole else describe_to_staff(sight, local),
    }
