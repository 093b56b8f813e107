"""Reads a request's body before a thread has anything to do with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.store.base import now
from service.web.bodies import SOURCE
from service.web.front.environ import Scope

LARGEST = SOURCE.size  # bytes; no address accepts more
BODY_SECONDS = 60.0
SMALL = 16 * 1024  # bytes; larger bodies share BUDGET
BUDGET = 64_000_000  # bytes of large bodies that one process keeps at once

Receive = Callable[[], Awaitable[dict[str, Any]]]


class DisconnectedError(Exception):
    """The client has gone."""


class TooManyBodiesError(Exception):
    """Large bodies fill the memory that they may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBody:
    """A body, and its length. It is longer than its content if nothing accepts it: see LARGEST.

    `arrived_at` is when its last byte had arrived.
    """

    content: bytes
    length: int
    arrived_at: datetime


class BodyReader:
    """Reads the bodies of a process's requests, and bounds how much of them is in memory."""

    def __init__(self) -> None:
        self._kept = 0  # bytes of large bodies

    @contextlib.asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[ReadBody]:
        """The body, in memory until the end of the block.

        Raises TimeoutError, DisconnectedError or TooManyBodiesError.
        """
        declared = int(dict(scope["headers"]).get(b"content-length", b"0"))
        kept = 0
        try:
            content, more = bytearray(), declared <= LARGEST
            async with asyncio.timeout(BODY_SECONDS):
                while more and len(content) <= LARGEST:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise DisconnectedError
                    content += message["body"]
                    more = message["more_body"]
                    if len(content) > SMALL:
                        self._kept += len(content) - kept
                        kept = len(content)
                        if self._kept > BUDGET:
                            raise TooManyBodiesError
            yield ReadBody(
                content=bytes(content), length=max(declared, len(content)), arrived_at=now()
            )
        finally:
            self._kept -= kept
