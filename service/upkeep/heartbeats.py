"""The scheduler's heartbeat: a row that shows that its rounds go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import Sessions, read_clock
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


def last_beat(session: Session) -> datetime | None:
    """When the scheduler last ran; None if it never has."""
    row = session.get(Heartbeat, SCHEDULER)
    return None if row is None else row.beat_at
