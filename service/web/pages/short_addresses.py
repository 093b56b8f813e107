"""The short address of an assignment, `/assignments/autograd`: it leads to the long one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.courses.assignments import AmbiguousSlug, find_assignment
from service.web.addresses import SHORT, address_of
from service.web.csrf import SAFE_METHODS
from service.web.request import db_session, require_account

blueprint = Blueprint("short_addresses", __name__, url_prefix=SHORT)


@blueprint.route("", methods=["GET", "POST"])
@blueprint.route("/<path:rest>", methods=["GET", "POST"])
def lead_to_long_address(slug: str, rest: str = "") -> BaseResponse | str:
    """Redirect to the long address, or list those that it could be."""
    account = require_account()
    below = f"/{rest}" if rest else ""
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    try:
        assignment = find_assignment(db_session(), account, slug)
    except AmbiguousSlug as error:
        if request.method not in SAFE_METHODS:
            raise
        return render_template("which_course.html", found=error.found, below=below + query)
    # A form that an older page shows is sent on as it is.
    status = 303 if request.method in SAFE_METHODS else 307
    return redirect(address_of(assignment) + below + query, status)
