"""What staff do to a submission: override its mark, grade it again."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from service.courses.access import require_staff
from service.marks import overrides, regrades
from service.submissions import find
from service.submissions.models import Status
from service.web.api.exchange import Answer, Body, Description, answer, describe, read_body
from service.web.request import db_session, queue, require_account

blueprint = Blueprint("api_review", __name__)


class OverrideBody(Body):
    """A teacher's mark; null takes an earlier one back."""

    score: float | None
    reason: str


class OverrideAnswer(Answer):
    """An override as kept."""

    id: uuid.UUID
    submission: uuid.UUID
    score: float | None
    reason: str
    author: str
    created_at: datetime


class Regraded(Answer):
    """A grading that was started anew."""

    id: uuid.UUID
    submission: uuid.UUID
    ordinal: int
    status: Status


@blueprint.post("/submissions/<uuid:submission_id>/override")
@describe(
    Description(
        summary="Put a mark in place of the computed one (staff)",
        answer=OverrideAnswer,
        status=201,
        errors=(400, 401, 403, 404, 415, 422, 503),
        body=OverrideBody,
    )
)
def override(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a teacher's mark and reason."""
    author, session, body = require_account(), db_session(), read_body(OverrideBody)
    found = find.find_submission(session, author, submission_id)
    kept = overrides.set_override(
        session, submission=found, score=body.score, reason=body.reason, author=author
    )
    return answer(
        OverrideAnswer(
            id=kept.id,
            submission=found.id,
            score=kept.score,
            reason=kept.reason,
            author=author.email,
            created_at=kept.created_at,
        ),
        201,
    )


@blueprint.post("/submissions/<uuid:submission_id>/regrade")
@describe(
    Description(
        summary="Grade a submission again (staff)",
        answer=Regraded,
        status=202,
        errors=(401, 403, 404, 409, 503),
    )
)
def regrade(submission_id: uuid.UUID) -> ResponseReturnValue:
    """Start a new grading; the old ones stay."""
    viewer, session = require_account(), db_session()
    found = find.find_submission(session, viewer, submission_id)
    require_staff(session, viewer, found.assignment.course_id)
    grading = regrades.regrade(session, queue().enqueue, found)
    return answer(
        Regraded(
            id=grading.id, submission=found.id, ordinal=grading.ordinal, status=grading.status
        ),
        202,
        {"Location": url_for("api_submissions.read", submission_id=found.id)},
    )
