"""Archives: everything in a course for its teachers, and one's own data."""

from __future__ import annotations

import uuid

from flask import Blueprint, request
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.courses import courses
from service.marks.archive import count_archived, write_archive
from service.marks.archive_builds import AT_ONCE, RETRY_SECONDS, find_build, start_build
from service.marks.own_data import write_own_data
from service.people.models import Account
from service.web.api.operation import Query, operation
from service.web.download import zip_file, zip_of
from service.web.request import services

blueprint = Blueprint("api_archive", __name__)


class BuildQuery(Query):
    """A build that was started before."""

    build: uuid.UUID | None = Field(None, description="From the Location of an earlier answer")


@blueprint.get("/courses/<course>/archive.zip")
@operation(
    "Download everything in a course (teachers)",
    errors=(403, 429),
    media_type="application/zip",
    may_wait=True,
)
def download(actor: Account, session: Session, course: str, query: BuildQuery) -> Response:
    """Download sources, reports, marks and the audit.

    A large archive is built in the background: ask again at the `Location` of the 202.
    """
    found = courses.find_course(session, actor, course)
    name = f"{found.slug}-archive.zip"
    parts, build = services(), query.build
    if build is not None:
        path = find_build(session, actor, found, parts.settings, build)
        return zip_file(path, name) if path is not None else _wait(build)
    if count_archived(session, actor, found) > AT_ONCE:
        return _wait(start_build(session, actor, found, parts.settings, parts.readers))
    return zip_of(lambda file: write_archive(session, actor, found, file), name)


@blueprint.get("/account/data.zip")
@operation("Download your own data", media_type="application/zip")
def download_own(actor: Account, session: Session) -> Response:
    """Download your account, and your submissions with what you may see of their results."""
    return zip_of(lambda file: write_own_data(session, actor, actor, file), "my-data.zip")


def _wait(build: uuid.UUID) -> Response:
    headers = {"Location": f"{request.path}?build={build}", "Retry-After": str(RETRY_SECONDS)}
    return Response(status=202, headers=headers)
