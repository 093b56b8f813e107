"""The operator's page: queue, slots, failures of ours, pace, disk, versions and settings."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.operations.disk import measure
from service.upkeep.status import read_status, run_again
from service.web.request import db_session, queue, require_account, services

blueprint = Blueprint("operator", __name__, url_prefix="/operator")


@blueprint.get("")
def show() -> str:
    """How the installation does now. Measuring the disk takes a while, so it is asked for."""
    settings = services().settings
    status = read_status(db_session(), require_account(), settings)
    disk = measure(settings) if "disk" in request.args else None
    return render_template("operator.html", status=status, disk=disk)


@blueprint.post("/failures/run-again")
def run_all_again() -> BaseResponse:
    """Grade everything again that failed on our side."""
    run_again(db_session(), require_account(), queue().enqueue)
    return redirect("/operator#failures", 303)


@blueprint.post("/failures/<uuid:submission_id>/run-again")
def run_one_again(submission_id: uuid.UUID) -> BaseResponse:
    """Grade one submission again that failed on our side."""
    run_again(db_session(), require_account(), queue().enqueue, [submission_id])
    return redirect("/operator#failures", 303)
