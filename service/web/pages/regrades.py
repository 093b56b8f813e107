"""The page of a regrade: its progress, what it would change, and what to do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from service.errors import Conflict, NotFound
from service.marks import regrades
from service.marks.models import RegradeStatus
from service.marks.regrade_changes import find_changes
from service.marks.regrades import Progress
from service.people.models import Account
from service.web.addresses import LONG, address_of
from service.web.forms import RegradeForm, read_form
from service.web.found import assignment_of_page
from service.web.request import db_session, queue, require_account
from service.web.view.times import use_times_of

blueprint = Blueprint("regrades", __name__, url_prefix=f"{LONG}/regrades")


@blueprint.post("")
def start(course: str, slug: str) -> BaseResponse:
    """Start a regrade. If one is underway, its page says so."""
    account = require_account()
    form = read_form(RegradeForm)
    assignment = assignment_of_page(account, course, slug)
    try:
        started = regrades.start_regrade(
            db_session(), account, assignment, form.which, queue().enqueue
        )
    except Conflict as error:
        underway = regrades.find_open(db_session(), account, assignment)
        if underway is None:
            raise
        return _page(_find(course, slug, underway.id), error)
    return redirect(f"{address_of(assignment)}/regrades/{started.id}", 303)


@blueprint.get("/<uuid:regrade_id>")
def show(course: str, slug: str, regrade_id: uuid.UUID) -> BaseResponse:
    """Progress, then who rises, who falls, and by which tests."""
    return _page(_find(course, slug, regrade_id))


@blueprint.get("/<uuid:regrade_id>/progress")
def show_progress(course: str, slug: str, regrade_id: uuid.UUID) -> str:
    """The progress alone, for the page that waits for it."""
    return render_template("_regrade_progress.html", progress=_find(course, slug, regrade_id))


@blueprint.post("/<uuid:regrade_id>/apply")
def apply(course: str, slug: str, regrade_id: uuid.UUID) -> BaseResponse:
    """Let the new gradings count."""
    return _act(course, slug, regrade_id, regrades.apply_regrade)


@blueprint.post("/<uuid:regrade_id>/undo")
def undo(course: str, slug: str, regrade_id: uuid.UUID) -> BaseResponse:
    """Let the old gradings count again."""
    return _act(course, slug, regrade_id, regrades.undo_regrade)


@blueprint.post("/<uuid:regrade_id>/cancel")
def cancel(course: str, slug: str, regrade_id: uuid.UUID) -> BaseResponse:
    """Drop the regrade."""
    return _act(course, slug, regrade_id, regrades.cancel_regrade)


def _act(
    course: str,
    slug: str,
    regrade_id: uuid.UUID,
    act: Callable[[Session, Account, uuid.UUID], Progress],
) -> BaseResponse:
    progress = _find(course, slug, regrade_id)
    try:
        act(db_session(), require_account(), regrade_id)
    except Conflict as error:
        return _page(progress, error)
    return redirect(f"{address_of(progress.assignment)}/regrades/{regrade_id}", 303)


def _find(course: str, slug: str, regrade_id: uuid.UUID) -> Progress:
    progress = regrades.find_regrade(db_session(), require_account(), regrade_id)
    found = progress.assignment
    if (found.course.slug, found.slug) != (course, slug):
        raise NotFound("There is no such regrade of this assignment.")
    use_times_of(found.course)
    return progress


def _page(progress: Progress, error: Conflict | None = None) -> Response:
    account, assignment = require_account(), progress.assignment
    is_running = progress.status is RegradeStatus.RUNNING
    changes = (
        [] if is_running else find_changes(db_session(), account, assignment, progress.regrade)
    )
    page = render_template(
        "regrade.html",
        progress=progress,
        changes=changes,
        message=error.message if error else "",
    )
    return make_response(page, error.status if error else 200)
