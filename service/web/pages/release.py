"""Ask whether to release the marks of an assignment, and do it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from service.marks.gradebook import marks
from service.marks.release import release_marks
from service.web.addresses import LONG, address_of
from service.web.found import assignment_of_page
from service.web.request import db_session, require_account

blueprint = Blueprint("release", __name__, url_prefix=f"{LONG}/release")


@blueprint.get("")
def ask_to_release(course: str, slug: str) -> str:
    """Ask whether students shall see their marks now."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    found = marks(db_session(), account, assignment)
    return render_template(
        "release.html",
        assignment=assignment,
        marked=sum(mark.effective is not None for mark in found),
        students=len(found),
    )


@blueprint.post("")
def release(course: str, slug: str) -> BaseResponse:
    """Show students their marks."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    release_marks(db_session(), account, assignment)
    flash("The marks were released. Students see them now.")
    return redirect(address_of(assignment), 303)
