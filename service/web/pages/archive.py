"""Downloads of everything in a course, and of one's own data."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.marks.archive import count_archived, write_archive
from service.marks.archive_builds import AT_ONCE, RETRY_SECONDS, find_build, start_build
from service.marks.own_data import write_own_data
from service.web.download import zip_file, zip_of
from service.web.found import course_of_page
from service.web.request import db_session, require_account, services

blueprint = Blueprint("archive", __name__)


@blueprint.get("/courses/<slug>/archive.zip")
def download(slug: str) -> BaseResponse:
    """The archive, or the page that waits for a large one."""
    actor = require_account()
    course = course_of_page(actor, slug)
    if count_archived(db_session(), actor, course) > AT_ONCE:
        build = start_build(db_session(), actor, course, services().settings, services().readers)
        return redirect(f"/courses/{course.slug}/archive?build={build}", 303)
    return zip_of(
        lambda file: write_archive(db_session(), actor, course, file), f"{course.slug}-archive.zip"
    )


@blueprint.get("/courses/<slug>/archive")
def show(slug: str) -> BaseResponse:
    """What an archive has. With `build`, the page loads itself again until that one is finished."""
    actor = require_account()
    course = course_of_page(actor, slug)
    count = count_archived(db_session(), actor, course)
    build, path = request.args.get("build", type=uuid.UUID), None
    if build is not None:
        path = find_build(db_session(), actor, course, services().settings, build)
        if path is not None and "download" in request.args:
            return zip_file(path, f"{course.slug}-archive.zip")
    answer: Response = make_response(
        render_template(
            "archive.html", course=course, count=count, build=build, done=path is not None
        )
    )
    if build is not None and path is None:
        answer.headers["Refresh"] = str(RETRY_SECONDS)
    return answer


@blueprint.get("/account/data.zip")
def download_own() -> BaseResponse:
    """One's account, and one's submissions with what one may see of their results."""
    actor = require_account()
    return zip_of(lambda file: write_own_data(db_session(), actor, actor, file), "my-data.zip")
