"""Regrades of an assignment, with a preview of what would change."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint, url_for
from sqlalchemy.orm import Session

from service.courses import assignments
from service.marks import regrades
from service.marks.models import RegradeStatus, Which
from service.marks.regrade_changes import Turn, find_changes
from service.marks.regrades import Progress
from service.people.models import Account
from service.web.api.operation import Answer, Body, Reply, operation
from service.web.request import queue

blueprint = Blueprint("api_regrades", __name__)
of_assignment = Blueprint("api_regrades_of_assignment", __name__)


class RegradeBody(Body):
    """Which submissions to grade again: all, those that count, or each student's latest."""

    which: Which


class CaseChange(Answer):
    """A test with another result than before.

    It passes now, it fails now, or it fails and is new. A test that failed may also be gone.
    """

    suite: str
    case: str
    title: str
    turn: Turn


class MarkChange(Answer):
    """A student whose computed mark changes. If it is overridden, the mark that counts doesn't."""

    email: str
    submission: uuid.UUID | None
    before: float | None
    after: float | None
    max_before: float
    max_after: float
    overridden: bool
    cases: list[CaseChange]


class RegradeAnswer(Answer):
    """A regrade: `done` of the gradings have ended, `errored` of them by a fault of ours.

    `changes` are empty until it is ready. Then those who fall come first.
    """

    id: uuid.UUID
    course: str
    assignment: str
    which: Which
    status: RegradeStatus
    created_at: datetime
    ended_at: datetime | None
    done: int
    of: int
    errored: int
    changes: list[MarkChange]


@of_assignment.post("/regrades")
@operation(
    "Grade submissions again, as a preview (teachers)",
    status=202,
    errors=(403, 409),
    sends=("Location",),
)
def start(
    actor: Account, session: Session, body: RegradeBody, slug: str, course: str | None = None
) -> Reply[RegradeAnswer]:
    """Start a regrade. Nothing counts before it is applied."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    started = regrades.start_regrade(session, actor, assignment, body.which, queue().enqueue)
    progress = regrades.find_regrade(session, actor, started.id)
    return Reply(
        answer=_to_answer(session, actor, progress),
        headers={"Location": url_for("api_regrades.read", regrade_id=started.id)},
    )


@blueprint.get("/regrades/<uuid:regrade_id>")
@operation("Read a regrade and what it changes (staff)", errors=(403,))
def read(actor: Account, session: Session, regrade_id: uuid.UUID) -> RegradeAnswer:
    """Read the progress of a regrade, and whose mark changes by which tests."""
    return _to_answer(session, actor, regrades.find_regrade(session, actor, regrade_id))


@blueprint.post("/regrades/<uuid:regrade_id>/apply")
@operation("Let the new gradings count (teachers)", errors=(403, 409))
def apply(actor: Account, session: Session, regrade_id: uuid.UUID) -> RegradeAnswer:
    """Apply a regrade that is ready."""
    return _to_answer(session, actor, regrades.apply_regrade(session, actor, regrade_id))


@blueprint.post("/regrades/<uuid:regrade_id>/undo")
@operation("Let the gradings from before count again (teachers)", errors=(403, 409))
def undo(actor: Account, session: Session, regrade_id: uuid.UUID) -> RegradeAnswer:
    """Undo a regrade that is applied."""
    return _to_answer(session, actor, regrades.undo_regrade(session, actor, regrade_id))


@blueprint.post("/regrades/<uuid:regrade_id>/cancel")
@operation("Drop a regrade that isn't applied (teachers)", errors=(403, 409))
def cancel(actor: Account, session: Session, regrade_id: uuid.UUID) -> RegradeAnswer:
    """Cancel a regrade. What is queued is removed."""
    return _to_answer(session, actor, regrades.cancel_regrade(session, actor, regrade_id))


def _to_answer(session: Session, actor: Account, progress: Progress) -> RegradeAnswer:
    assignment, found = progress.assignment, progress.regrade
    changes = []
    if progress.status is not RegradeStatus.RUNNING:
        changes = find_changes(session, actor, assignment, found)
    return RegradeAnswer(
        id=found.id,
        course=assignment.course.slug,
        assignment=assignment.slug,
        which=found.which,
        status=progress.status,
        created_at=found.created_at,
        ended_at=found.ended_at,
        done=progress.done,
        of=progress.of,
        errored=progress.errored,
        changes=[
            MarkChange(
                email=change.student.email,
                submission=change.submission_id,
                before=change.before,
                after=change.after,
                max_before=change.max_before,
                max_after=change.max_after,
                overridden=change.overridden,
                cases=[
                    CaseChange(suite=each.suite, case=each.case, title=each.title, turn=each.turn)
                    for each in change.cases
                ],
            )
            for change in changes
        ],
    )
