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

FASTEST, SLOWEST = 0.02, 0.25  # seconds between two queries
EASE = 0.05  # the pause between queries, as a share of the time that the newest waiter has waited


@dataclass(eq=False, slots=True)
class _Waiter:
    grading_id: uuid.UUID
    since: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)


class Watch:
    """Watches gradings for all waiting requests, with one thread and one query for all of them.

    The thread ends when no request waits.
    """

    def __init__(self, sessions: Sessions, *, at_most: int) -> None:
        self._sessions = sessions
        self._at_most = at_most
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many requests are waiting."""
        return len(self._waiters)

    def wait(self, grading_id: uuid.UUID, seconds: float) -> bool:
        """Block until the grading has ended or the time is up; False at once if too many wait."""
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
                thread = threading.Thread(target=self._watch, name="watch", daemon=True)
                try:
                    thread.start()
                except RuntimeError as error:  # the machine has no thread left
                    log.warning("cannot wait for gradings: %s", error)
                    return False
                self._thread = thread
            self._waiters.add(waiter)
            return True

    def _watch(self) -> None:
        try:
            while waiters := self._list_waiters():
                for waiter in self._find_ended(waiters):
                    waiter.ended.set()
                newest = max(waiter.since for waiter in waiters)
                time.sleep(min(SLOWEST, max(FASTEST, EASE * (time.monotonic() - newest))))
        finally:
            with self._lock:
                if self._thread is threading.current_thread():  # an error ended it
                    self._thread = None  # so the next waiter starts another

    def _list_waiters(self) -> list[_Waiter]:
        with self._lock:
            waiting = [waiter for waiter in self._waiters if not waiter.ended.is_set()]
            if not waiting:
                self._thread = None
            return waiting

    def _find_ended(self, waiters: list[_Waiter]) -> list[_Waiter]:
        """The waiters whose grading has ended; all of them if the database doesn't answer."""
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
