"""Reads a request's body before a thread has anything to do with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.store.base import now
from service.web.bodies import SMALL, SOURCE
from service.web.front.environ import Scope

LARGEST = SOURCE.size  # bytes; no address accepts more
BODY_SECONDS = 60.0
BUDGET = 64_000_000  # bytes of large bodies, those above SMALL, that one process keeps at once

Receive = Callable[[], Awaitable[dict[str, Any]]]


class DisconnectedError(Exception):
    """The client has gone."""


class SlowBodyError(Exception):
    """A body didn't arrive in time."""


class TooManyBodiesError(Exception):
    """Large bodies fill the memory that they may use, and this one has been owed for longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBody:
    """A body, and its length. The content is empty if its address doesn't accept so much.

    `arrived_at` is when its last byte had arrived.
    """

    content: bytes
    length: int
    arrived_at: datetime


@dataclass(slots=True, eq=False)
class _Incoming:
    """A body of which more may arrive. `most` is how many bytes its address accepts."""

    most: int
    deadline: asyncio.Timeout
    content: bytearray = field(default_factory=bytearray)
    length: int = 0
    kept: int = 0  # bytes of its content that count as large
    was_ended: bool = False


class BodyReader:
    """Reads the bodies of a process's requests, and bounds how much of them is in memory.

    `find_limit` returns the bytes that a request's address accepts. It's asked for large bodies.
    """

    def __init__(self, find_limit: Callable[[Scope], int]) -> None:
        self._find_limit = find_limit
        self._kept = 0  # bytes of large bodies
        self._owed: dict[_Incoming, None] = {}  # large ones, in the order in which they became so

    @contextlib.asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[ReadBody]:
        """The body, in memory until the end of the block.

        Raises SlowBodyError, DisconnectedError or TooManyBodiesError.
        """
        headers = dict(scope["headers"])
        declared = int(headers.get(b"content-length", b"0"))
        is_small = declared <= SMALL.size and b"transfer-encoding" not in headers
        most = SMALL.size if is_small else self._find_limit(scope)
        body = _Incoming(most, asyncio.timeout(BODY_SECONDS))
        try:
            if declared <= LARGEST:
                await self._receive(body, receive)
            yield ReadBody(
                content=bytes(body.content), length=max(declared, body.length), arrived_at=now()
            )
        finally:
            self._forget(body)

    async def _receive(self, body: _Incoming, receive: Receive) -> None:
        more = True
        try:
            async with body.deadline:
                while more and body.length <= LARGEST and not body.was_ended:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise DisconnectedError
                    body.length += len(message["body"])
                    more = message["more_body"]
                    if not body.was_ended:  # perhaps meanwhile
                        self._keep(body, message["body"])
        except TimeoutError:
            raise (TooManyBodiesError if body.was_ended else SlowBodyError) from None
        if body.was_ended:
            raise TooManyBodiesError
        self._owed.pop(body, None)

    def _keep(self, body: _Incoming, part: bytes) -> None:
        """Keep a part that has arrived; other bodies may have to go."""
        if body.length > body.most:
            self._forget(body)  # the rest is read, as clients expect, but it is of no use
            return
        body.content += part
        if body.length <= SMALL.size:
            return
        self._owed.setdefault(body)
        self._kept += body.length - body.kept
        body.kept = body.length
        while self._kept > BUDGET:
            oldest = next(iter(self._owed))
            self._forget(oldest)
            oldest.was_ended = True
            if not oldest.deadline.expired():
                oldest.deadline.reschedule(asyncio.get_running_loop().time())

    def _forget(self, body: _Incoming) -> None:
        self._owed.pop(body, None)
        self._kept -= body.kept
        body.kept = 0
        body.content = bytearray()
