"""Signs of life: the scheduler's heartbeat, which is a row, and the start of gradings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import Sessions, read_clock
from service.submissions.line import QueueState
from service.upkeep.models import Heartbeat

SCHEDULER = "scheduler"
LATE_SECONDS = 60.0  # at least; a restart takes less
LATE_ROUNDS = 3  # that may be missed


def beat(sessions: Sessions) -> None:
    """Note that the scheduler runs."""
    with sessions.begin() as session:
        session.merge(Heartbeat(name=SCHEDULER, beat_at=read_clock(session)))


def late_seconds(settings: Settings) -> float:
    """Without any sign for this many seconds, something doesn't move."""
    return max(LATE_SECONDS, LATE_ROUNDS * settings.reap_seconds)


def is_stalled(queue: QueueState, settings: Settings) -> bool:
    """Whether the oldest grading has waited too long, and none was started in that time."""
    limit = late_seconds(settings)
    oldest, started = queue.oldest_seconds, queue.last_started_seconds
    return oldest is not None and oldest > limit and (started is None or started > limit)


def last_beat(session: Session) -> datetime | None:
    """When the scheduler last ran; None if it never has."""
    row = session.get(Heartbeat, SCHEDULER)
    return None if row is None else row.beat_at
