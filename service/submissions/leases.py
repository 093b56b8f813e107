"""Keeps the lease of a claimed grading while it runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from service.settings import Settings
from service.store.database import Sessions
from service.submissions.gradings import renew
from service.submissions.jobs import Job

log = logging.getLogger(__name__)

RENEWALS = 4  # per lease, so that a renewal may fail and the next one still comes in time


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
