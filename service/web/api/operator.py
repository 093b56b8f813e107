"""How the installation does, for its operators."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Blueprint
from sqlalchemy.orm import Session

from service.people.models import Account
from service.upkeep.status import read_status
from service.web.api.operation import Answer, operation
from service.web.request import services

blueprint = Blueprint("api_operator", __name__)


class QueueAnswer(Answer):
    """The queue: how many gradings wait and run, and for how many seconds the oldest has waited."""

    length: int
    running: int
    oldest_seconds: float | None
    stalled: bool
    a_minute: float


class SlotAnswer(Answer):
    """A slot that grades, when it was last seen, and the layers of its sandbox."""

    name: str
    seen_at: datetime
    late: bool
    layers: list[str]


class FailureAnswer(Answer):
    """A submission that we failed to grade, and why."""

    submission: uuid.UUID
    course: str
    assignment: str
    tries: int
    failed_at: datetime | None
    fault: str


class StatusAnswer(Answer):
    """The state of the installation. At most 50 failures are listed; `failed` counts all."""

    queue: QueueAnswer
    slots: list[SlotAnswer]
    scheduler_seen_at: datetime | None
    scheduler_late: bool
    failed: int
    failures: list[FailureAnswer]
    versions: dict[str, str]
    settings: dict[str, str]


@blueprint.get("/operator/status")
@operation("Read how the installation does (operators)", errors=(403,))
def read(actor: Account, session: Session) -> StatusAnswer:
    """Read queue, slots, failures of ours, versions and settings without secrets."""
    status = read_status(session, actor, services().settings)
    return StatusAnswer(
        queue=QueueAnswer(
            length=status.queue.length,
            running=status.running,
            oldest_seconds=status.queue.oldest_seconds,
            stalled=status.stalled,
            a_minute=status.a_minute,
        ),
        slots=[
            SlotAnswer(name=each.name, seen_at=each.seen_at, late=each.late, layers=[*each.layers])
            for each in status.slots
        ],
        scheduler_seen_at=status.scheduler_seen_at,
        scheduler_late=status.scheduler_late,
        failed=status.failed,
        failures=[
            FailureAnswer(
                submission=each.submission_id,
                course=each.course,
                assignment=each.assignment,
                tries=each.tries,
                failed_at=each.failed_at,
                fault=each.fault,
            )
            for each in status.failures
        ],
        versions=dict(status.versions),
        settings=dict(status.settings),
    )
