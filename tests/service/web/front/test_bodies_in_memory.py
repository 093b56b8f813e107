"""Bodies that arrive share a bounded memory. Clients that owe theirs for longest lose it first."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from flask import Flask

from service.settings import Settings
from service.web.bodies import REASON, SMALL, SOURCE
from service.web.front import body
from service.web.front.application import Front
from service.web.front.body import BodyReader, SlowBodyError, TooManyBodiesError
from tests.support.event_loops import run_apart

PART = b"x" * 32_000
FIT = 10  # parts of the budget
UPLOAD = "/courses/demo/assignments/autograd/submissions"


class Client:
    """A client that sends as much of its body as a test says."""

    def __init__(self, reader: BodyReader, size: int = 64 * len(PART)) -> None:
        self._parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._scope = {"headers": [(b"content-length", b"%d" % size)]}
        self._go_on = asyncio.Event()
        self.read: body.ReadBody | None = None
        self.task = asyncio.create_task(self._run(reader))

    async def _run(self, reader: BodyReader) -> None:
        async with reader.read(self._scope, self._parts.get) as self.read:
            await self._go_on.wait()

    async def send(self, parts: int, *, more: bool = True) -> None:
        """Send parts, and wait until the server has read them."""
        for _ in range(parts):
            self._parts.put_nowait({"type": "http.request", "body": PART, "more_body": True})
        if not more:
            self._parts.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        while not self._parts.empty() and not self.task.done():
            await asyncio.sleep(0)
        for _ in range(5):  # what was ended by it ends
            await asyncio.sleep(0)

    async def end(self) -> BaseException | None:
        """What the request ended with."""
        self._go_on.set()
        (outcome,) = await asyncio.gather(self.task, return_exceptions=True)
        return outcome


def run(
    monkeypatch: pytest.MonkeyPatch, play: Callable[[BodyReader], Awaitable[None]], most: int
) -> None:
    """Play with a reader whose addresses accept `most` bytes. All memory is free afterwards."""
    monkeypatch.setattr(body, "BUDGET", FIT * len(PART))

    async def main() -> None:
        reader = BodyReader(lambda _: most)
        await play(reader)
        assert (reader._kept, reader._owed) == (0, {})

    run_apart(main())


def test_a_body_that_is_owed_for_longest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(reader: BodyReader) -> None:
        silent = [Client(reader) for _ in range(FIT)]
        for client in silent:
            await client.send(1)
        late = [Client(reader) for _ in range(2)]
        await late[0].send(1, more=False)
        await late[1].send(2, more=False)
        assert [client.task.done() for client in silent] == [True] * 3 + [False] * (FIT - 3)
        for client in silent[:3]:
            assert isinstance(await client.end(), TooManyBodiesError)
        assert [client.read.content for client in late if client.read] == [PART, PART * 2]
        assert [await client.end() for client in late] == [None, None]
        for client in silent[3:]:
            await client.send(1, more=False)
            assert await client.end() is None

    run(monkeypatch, play, SOURCE.size)


def test_a_body_that_has_arrived_is_never_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(reader: BodyReader) -> None:
        whole = Client(reader)
        await whole.send(FIT - 1, more=False)
        late = Client(reader)
        await late.send(2)
        assert isinstance(await late.end(), TooManyBodiesError)
        assert whole.read is not None
        assert whole.read.content == PART * (FIT - 1)
        assert await whole.end() is None

    run(monkeypatch, play, SOURCE.size)


def test_a_body_whose_last_part_comes_as_it_is_ended_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play(reader: BodyReader) -> None:
        first, second = Client(reader), Client(reader)
        await first.send(FIT)
        # Both parts arrive before either request runs again.
        sending = [second.send(1, more=False), first.send(1, more=False)]
        await asyncio.gather(*sending)
        assert isinstance(await first.end(), TooManyBodiesError)
        assert await second.end() is None

    run(monkeypatch, play, SOURCE.size)


def test_a_body_that_its_address_does_not_accept_is_read_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play(reader: BodyReader) -> None:
        client = Client(reader)
        await client.send(50)
        assert (reader._kept, reader._owed) == (0, {})
        await client.send(0, more=False)
        assert client.read is not None
        assert (client.read.content, client.read.length) == (b"", 64 * len(PART))
        assert await client.end() is None

    run(monkeypatch, play, SMALL.size)


def test_a_large_body_that_does_not_arrive_in_time_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.01)

    async def play(reader: BodyReader) -> None:
        client = Client(reader)
        await client.send(1)
        assert isinstance(await client.end(), SlowBodyError)

    run(monkeypatch, play, SOURCE.size)


def test_the_front_keeps_no_more_than_the_address_accepts(app: Flask, settings: Settings) -> None:
    expected = {
        UPLOAD: SOURCE.size,
        f"//{UPLOAD}": SOURCE.size,
        f"http://here{UPLOAD}": SOURCE.size,
        "/api/v1/assignments/autograd/submissions": SOURCE.size,
        f"/api/v1/submissions/{uuid.UUID(int=0)}/override": REASON.size,
        "/api/v1/submissions/no-id/override": SMALL.size,
        "/courses//demo/assignments/autograd/submissions": SMALL.size,  # is redirected
        "/sign-in": SMALL.size,
        "/nothing": SMALL.size,
        "/static/base.css": SMALL.size,
        "/%ff/%00": SMALL.size,
        "http://[bad/": SMALL.size,
        "*": SMALL.size,
    }
    find_limit = Front(app, settings)._find_limit
    for path, most in expected.items():
        assert find_limit({"method": "POST", "raw_path": path.encode()}) == most, path
    for method in ("GET", "INVENTED"):
        assert find_limit({"method": method, "raw_path": UPLOAD.encode()}) == SMALL.size
