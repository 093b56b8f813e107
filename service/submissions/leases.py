"""While a claimed grading runs: keeps its lease, and sees whether a regrade should give way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from service.settings import Settings
from service.store.database import Sessions, read_clock
from service.submissions import line
from service.submissions.gradings import renew
from service.submissions.jobs import Job

log = logging.getLogger(__name__)

RENEWALS = 4  # per lease, so that a renewal may fail and the next one still comes in time

LOOK_SECONDS = 0.5  # between two looks of a regrade whether a submission waits for its slot


def lease_keeper(sessions: Sessions, settings: Settings, job: Job) -> Callable[[], None]:
    """A function that renews the lease of a job, and does nothing when called too often.

    The worker calls it after every case, so a long grading isn't mistaken for a lost one.
    """
    last_renewal = time.monotonic()

    def renew_in_time() -> None:
        nonlocal last_renewal
        if time.monotonic() - last_renewal < settings.lease_seconds / RENEWALS:
            return
        last_renewal = time.monotonic()
        try:
            renew(sessions, settings, job)
        except SQLAlchemyError as error:  # the database may be back before the lease runs out
            log.warning("the lease of grading %s is not renewed: %s", job.grading_id, error)

    return renew_in_time


def slot_watcher(readers: Sessions, job: Job) -> Callable[[], bool]:
    """A function that says whether the job should give its slot to a submission that waits.

    Only a regrade does. The worker calls it after every case; it looks now and then.
    """
    last_look = time.monotonic()

    def is_needed() -> bool:
        nonlocal last_look
        if not job.gives_way or time.monotonic() - last_look < LOOK_SECONDS:
            return False
        last_look = time.monotonic()
        try:
            with readers() as session:
                return line.read_line(session, read_clock(session)).needs_slot
        except SQLAlchemyError as error:  # the next look may succeed
            log.warning("grading %s can't see who waits: %s", job.grading_id, error)
            return False

    return is_needed
