"""Requests that wait for the result of a submission. Waiting uses no thread and no query.

A request joins before it reads the submission's state, so no result is missed in between.
`service.submissions.notices` says which results were stored.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field

from service.telemetry.metrics import WAITING_REQUESTS

PER_ACCOUNT = 20  # waiting requests of one account in one process
AT_MOST = 2_000  # of all accounts in one process


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wait:
    """A request that waits for a submission's result. `stored` is done when it may be there."""

    submission_id: uuid.UUID
    account_id: uuid.UUID
    stored: Future[None] = field(default_factory=Future)


class Waits:
    """The waiting requests of this process. Any thread may call it."""

    def __init__(self, *, per_account: int = PER_ACCOUNT, at_most: int = AT_MOST) -> None:
        self._per_account = per_account
        self._at_most = at_most
        self._lock = threading.Lock()
        self._waits: dict[uuid.UUID, set[Wait]] = {}
        self._by_account: Counter[uuid.UUID] = Counter()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many requests are waiting."""
        return self._by_account.total()

    @property
    def submissions(self) -> set[uuid.UUID]:
        """The submissions whose results are waited for."""
        with self._lock:
            return set(self._waits)

    def join(self, submission_id: uuid.UUID, account_id: uuid.UUID) -> Wait | None:
        """Wait for a submission until `leave`; None if too many requests wait already."""
        wait = Wait(submission_id=submission_id, account_id=account_id)
        with self._lock:
            full = self._closed or self.waiting >= self._at_most
            if full or self._by_account[account_id] >= self._per_account:
                return None
            self._by_account[account_id] += 1
            self._waits.setdefault(submission_id, set()).add(wait)
        WAITING_REQUESTS.inc()
        return wait

    def leave(self, wait: Wait) -> None:
        """End a wait."""
        with self._lock:
            waits = self._waits[wait.submission_id]
            waits.remove(wait)
            if not waits:
                del self._waits[wait.submission_id]
            self._by_account[wait.account_id] -= 1
            if not self._by_account[wait.account_id]:
                del self._by_account[wait.account_id]
        WAITING_REQUESTS.dec()

    def wake(self, submission_id: uuid.UUID) -> None:
        """Wake all requests that wait for a submission: its result may be stored."""
        with self._lock:
            _wake(self._waits.get(submission_id, ()))

    def close(self) -> None:
        """Wake everybody, and let nobody wait from now on: the process ends."""
        with self._lock:
            self._closed = True
            for waits in self._waits.values():
                _wake(waits)


def _wake(waits: Iterable[Wait]) -> None:
    for wait in waits:
        # False if its request has gone.
        if not wait.stored.done() and wait.stored.set_running_or_notify_cancel():
            wait.stored.set_result(None)
