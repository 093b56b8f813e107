"""Which gradings are lost, as conditions of queries. They change nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from service.settings import Settings
from service.submissions.models import Grading, Status
from service.submissions.slots import has_ended

PATIENCE = 3  # sweeps that a queued grading may wait before workers are woken for it again


def lease_is_over(settings: Settings, moment: datetime) -> ColumnElement[bool]:
    """Running gradings whose lease ran out, or began in the future: the clock was set back since.

    Clocks of earlier versions' workers may differ by a lease.
    """
    later = moment + timedelta(seconds=settings.lease_seconds)
    over = or_(Grading.lease_until < moment, Grading.started_at > later)
    return and_(is_running(), over)


def has_slot_ended(session: Session) -> ColumnElement[bool]:
    """Running gradings whose slot was a process of this machine that is gone."""
    slots = session.scalars(select(Grading.slot).where(is_running()).distinct())
    ended = [slot for slot in slots if slot is not None and has_ended(slot)]
    return and_(is_running(), Grading.slot.in_(ended))


def is_running() -> ColumnElement[bool]:
    """Gradings that a slot has claimed."""
    return Grading.status == Status.RUNNING


def is_forgotten(session: Session, settings: Settings, moment: datetime) -> ColumnElement[bool]:
    """Queued gradings whose messages are lost. None while workers start old ones.

    Then the others aren't lost, only late. Waking workers again and again for all of a long queue
    would make it longer.
    """
    patience = timedelta(seconds=PATIENCE * settings.reap_seconds)
    old = or_(Grading.enqueued_at < moment - patience, Grading.enqueued_at > moment + patience)
    lately = Grading.started_at.between(moment - patience, moment)
    if session.scalar(select(Grading.id).where(lately, old).limit(1)) is not None:
        return false()
    return and_(Grading.status == Status.QUEUED, old)
