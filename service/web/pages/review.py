"""The review of a submission by staff: comments, mark, what changed, and the next student."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.courses.access import require_staff
from service.errors import Invalid
from service.marks import comments, regrades
from service.marks.gradebook import mark_of
from service.marks.overrides import overrides_of, set_override
from service.marks.review_order import ReviewFilter, find_neighbours
from service.submissions import find
from service.submissions.attempts import find_attempt_before
from service.submissions.models import Submission
from service.web.bodies import REASON, accept_body
from service.web.forms import CommentForm, FormState, MarkForm, read_form, rejected
from service.web.found import submission_of_page
from service.web.pages.submissions import report_values
from service.web.request import db_session, queue, require_account
from service.web.view.comments import place_comments
from service.web.view.highlight import list_source
from service.web.view.listed import GRADEBOOK, read_view
from service.web.view.source_diff import compare_sources

blueprint = Blueprint("review", __name__, url_prefix="/submissions/<uuid:submission_id>")

OF_THIS_PAGE = {"before", "line"}  # query parameters that aren't part of the filter


@blueprint.get("/review")
def show_review(submission_id: uuid.UUID) -> BaseResponse:
    """Source and report side by side, and the student's mark."""
    return _page(_find(submission_id))


@blueprint.post("/override")
@accept_body(REASON)
def override(submission_id: uuid.UUID) -> BaseResponse:
    """Set a mark by hand, or remove it."""
    account = require_account()
    try:
        form = read_form(MarkForm)
        submission = _find(submission_id)
        set_override(db_session(), account, submission, score=form.score, reason=form.reason)
    except Invalid as error:
        page = _page(_find(submission_id), mark_form=FormState.rejected(MarkForm, error))
        return rejected(page, error)
    flash(form.done)
    return redirect(_address(submission), 303)


@blueprint.post("/regrade")
def regrade(submission_id: uuid.UUID) -> BaseResponse:
    """Grade it again."""
    submission = _find(submission_id)
    regrades.regrade(db_session(), require_account(), submission, queue().enqueue)
    flash("The submission will be graded again. The old result counts until then.")
    return redirect(_address(submission), 303)


@blueprint.post("/comments")
@accept_body(REASON)
def add_comment(submission_id: uuid.UUID) -> BaseResponse:
    """Comment on the submission, or on a line of it."""
    account = require_account()
    try:
        form = read_form(CommentForm)
        submission = _find(submission_id)
        added = comments.add_comment(
            db_session(), account, submission, line=form.line, text=form.text
        )
    except Invalid as error:
        page = _page(_find(submission_id), comment_form=FormState.rejected(CommentForm, error))
        return rejected(page, error)
    flash("The comment was added.")
    return redirect(f"{_address(submission)}#comment-{added.id}", 303)


@blueprint.get("/comments/<uuid:comment_id>/delete")
def ask_about_comment(submission_id: uuid.UUID, comment_id: uuid.UUID) -> str:
    """Ask whether to delete a comment."""
    account, submission = require_account(), _find(submission_id)
    require_staff(db_session(), account, submission.assignment.course_id)
    comment = comments.find_comment(db_session(), account, submission, comment_id)
    return render_template(
        "delete_comment.html", submission=submission, comment=comment, query=_query()
    )


@blueprint.post("/comments/<uuid:comment_id>/delete")
def delete_comment(submission_id: uuid.UUID, comment_id: uuid.UUID) -> BaseResponse:
    """Delete a comment."""
    account, submission = require_account(), _find(submission_id)
    comments.delete_comment(db_session(), account, submission, comment_id)
    flash("The comment was deleted.")
    return redirect(f"{_address(submission)}#comments", 303)


def _find(submission_id: uuid.UUID) -> Submission:
    return submission_of_page(require_account(), submission_id)


def _query() -> str:
    """The filter as a query string, such as `?mistake=assigns`; empty without one."""
    kept = {name: text for name, text in request.args.items() if name not in OF_THIS_PAGE}
    return f"?{urlencode(kept)}" if kept else ""


def _address(submission: Submission) -> str:
    return f"/submissions/{submission.id}/review{_query()}"


def _read_filter() -> ReviewFilter:
    text: Callable[[str], str] = lambda name: request.args.get(name, "")  # noqa: E731
    return ReviewFilter(
        mistake=text("mistake"), signature=text("signature"), problem=text("problem")
    )


def _page(
    submission: Submission,
    *,
    mark_form: FormState | None = None,
    comment_form: FormState | None = None,
) -> Response:
    account, assignment, student = require_account(), submission.assignment, submission.student
    session = db_session()
    overrides = overrides_of(session, account, assignment, student)
    older_than = request.args.get("before")
    listed = find.list_submissions(session, account, assignment, student, before=older_than)
    attempts = {submission, *listed.submissions}  # this one may be on another page of the list
    mark = mark_of(session, account, assignment, student)
    earlier = find_attempt_before(session, account, submission)
    listing = list_source(submission.source)
    return make_response(
        render_template(
            "review.html",
            attempts=sorted(attempts, key=lambda each: -each.attempt),
            older_than=older_than,
            older=listed.last,
            listing=listing,
            mark=mark,
            counting=mark.submission_id and session.get(Submission, mark.submission_id),
            overrides=overrides,
            form=mark_form or FormState(),
            comment_form=comment_form or FormState(),
            comments=place_comments(listing, comments.list_comments(session, account, submission)),
            line=request.args.get("line", ""),
            query=_query(),
            neighbours=find_neighbours(
                session,
                account,
                assignment,
                student,
                read_view(request.args),
                _read_filter(),
                in_gradebook=request.args.get("list") == GRADEBOOK,
            ),
            earlier_attempt=earlier,
            diff=earlier and compare_sources(earlier.source, submission.source),
            **report_values(submission),
        )
    )
