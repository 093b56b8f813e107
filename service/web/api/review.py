"""For staff: set a mark by hand, grade a submission again."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, url_for
from sqlalchemy.orm import Session

from service.marks import overrides, regrades
from service.people.models import Account
from service.submissions import find
from service.submissions.models import Status
from service.web.api.operation import Answer, Body, Reply, operation
from service.web.bodies import REASON
from service.web.request import queue

blueprint = Blueprint("api_review", __name__)


class OverrideBody(Body):
    """A teacher's mark; null removes an earlier one."""

    score: float | None
    reason: str


class OverrideAnswer(Answer):
    """A mark that was set by hand."""

    id: uuid.UUID
    submission: uuid.UUID
    score: float | None
    reason: str
    author: str
    created_at: datetime


class Regraded(Answer):
    """A new grading of a submission."""

    id: uuid.UUID
    submission: uuid.UUID
    ordinal: int
    status: Status


@blueprint.post("/submissions/<uuid:submission_id>/override")
@operation(
    "Set a mark in place of the computed one (staff)", status=201, errors=(403,), limit=REASON
)
def override(
    actor: Account, session: Session, submission_id: uuid.UUID, body: OverrideBody
) -> OverrideAnswer:
    """Set a mark by hand, with a reason that the student sees."""
    submission = find.find_submission(session, actor, submission_id)
    stored = overrides.set_override(
        session, actor, submission, score=body.score, reason=body.reason
    )
    return OverrideAnswer(
        id=stored.id,
        submission=submission.id,
        score=stored.score,
        reason=stored.reason,
        author=actor.email,
        created_at=stored.created_at,
    )


@blueprint.post("/submissions/<uuid:submission_id>/regrade")
@operation(
    "Grade a submission again (teachers)", status=202, errors=(403, 409), sends=("Location",)
)
def regrade(actor: Account, session: Session, submission_id: uuid.UUID) -> Reply[Regraded]:
    """Start a new grading; the old ones stay."""
    submission = find.find_submission(session, actor, submission_id)
    grading = regrades.regrade(session, actor, submission, queue().enqueue)
    return Reply(
        answer=Regraded(
            id=grading.id,
            submission=submission.id,
            ordinal=grading.ordinal,
            status=grading.status,
        ),
        headers={"Location": url_for("api_submissions.read", submission_id=submission.id)},
    )
