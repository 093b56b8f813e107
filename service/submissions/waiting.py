"""Waiting for gradings to end, without a query per waiter."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.store.database import Sessions
from service.submissions.models import Grading, Status

log = logging.getLogger(__name__)

FASTEST, SLOWEST = 0.02, 0.25  # seconds between two looks
EASE = 0.05  # a look is put off by this share of the time that the newest waiter has waited


@dataclass(eq=False, slots=True)
class _Waiter:
    grading_id: uuid.UUID
    since: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)


class Watch:
    """One thread looks for all who wait, in one query; it lives as long as anybody waits."""

    def __init__(self, sessions: Sessions, *, at_most: int) -> None:
        self._sessions = sessions
        self._at_most = at_most
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many wait just now."""
        return len(self._waiters)

    def wait(self, grading_id: uuid.UUID, seconds: float) -> bool:
        """Block until the grading has ended or the time is up; False at once when too many wait."""
        waiter = _Waiter(grading_id)
        if not self._add(waiter):
            return False
        try:
            return waiter.ended.wait(seconds)
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    def _add(self, waiter: _Waiter) -> bool:
        with self._lock:
            if len(self._waiters) >= self._at_most:
                return False
            if self._thread is None:
                thread = threading.Thread(target=self._look_on, name="watch", daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:  # the machine has no thread left
                    log.warning("cannot wait for gradings: %s", error)
                    return False
                self._thread = thread
            self._waiters.add(waiter)
            return True

    def _look_on(self) -> None:
        try:
            while waiters := self._present():
                for waiter in self._look(waiters):
                    waiter.ended.set()
                newest = max(waiter.since for waiter in waiters)
                time.sleep(min(SLOWEST, max(FASTEST, EASE * (time.monotonic() - newest))))
        finally:
            with self._lock:
                if self._thread is threading.current_thread():  # it ends by a fault of ours
                    self._thread = None  # the next waiter starts another

    def _present(self) -> list[_Waiter]:
        with self._lock:
            waiting = [waiter for waiter in self._waiters if not waiter.ended.is_set()]
            if not waiting:
                self._thread = None
            return waiting

    def _look(self, waiters: list[_Waiter]) -> list[_Waiter]:
        """Those to wake: their grading has ended, or the database cannot be reached."""
        wanted = {waiter.grading_id for waiter in waiters}
        query = select(Grading.id).where(
            Grading.id.in_(wanted), Grading.status.in_([Status.DONE, Status.ERRORED])
        )
        try:
            with self._sessions() as session:
                ended = set(session.scalars(query))
        except SQLAlchemyError as error:
            log.warning("cannot look for ended gradings: %s", error)
            return waiters
        return [waiter for waiter in waiters if waiter.grading_id in ended]
