"""The connections of a process: how many there may be, and which ones make room for others."""

from __future__ import annotations

import contextlib
import logging
import resource
import time
from typing import Protocol

PLACES = "places"  # in the application's state
MOST = 2_500  # connections of a process; each keeps at most some 100 KB of what its client sends
MANY_FILES = 65_536
BACKLOG = 256  # connections that the system accepts for us before they get a place
OTHER_FILES = 400  # of a process that are no connections with a place
SAID_SECONDS = 60.0  # between two lines in the log

log = logging.getLogger(__name__)


class Client(Protocol):
    """A connection that can be ended at once."""

    def give_up(self) -> None:
        """End without an answer."""


class Places:
    """Bounds the connections of a process.

    When all are taken, a new connection takes the place of a client who owes us something: the rest
    of a header or a body, the next request, or to read its answer. The one that has owed it for
    longest goes. Others owe something for moments only, so they stay.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._owing: dict[Client, None] = {}  # in the order in which they began to owe
        self._said_at = float("-inf")

    def make_room(self, taken: int) -> bool:
        """Whether there is a place for the last of so many connections; another may lose its own.

        False if no other client owes anything. Then the request is to be refused.
        """
        if taken <= self._most:
            return True
        if time.monotonic() - self._said_at > SAID_SECONDS:
            self._said_at = time.monotonic()
            log.warning(
                "all %d connections are taken; idle and slow clients lose theirs", taken - 1
            )
        client = next(iter(self._owing), None)
        if client is None:
            return False
        del self._owing[client]
        client.give_up()
        return True

    def note(self, client: Client, *, owes: bool) -> None:
        """Remember whether a client owes us something."""
        if owes:
            self._owing.setdefault(client)
        else:
            self._owing.pop(client, None)


def allow_connections() -> int:
    """Raise the limit of open files as far as the system allows; returns how many may connect.

    Each connection is an open file, and many systems allow only 1024 unless one asks.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MANY_FILES if hard == resource.RLIM_INFINITY else min(hard, MANY_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST if allowed == resource.RLIM_INFINITY else max(1, min(MOST, allowed - OTHER_FILES))
