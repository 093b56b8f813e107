"""The ASGI application: reads bodies, runs Flask in threads, and holds requests that wait."""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.wsgi import FileWrapper

from service.settings import Settings
from service.submissions.notices import Listener
from service.telemetry import logs
from service.web.bodies import SMALL, limit_at
from service.web.front.body import (
    BodyReader,
    DisconnectedError,
    ReadBody,
    Receive,
    SlowBodyError,
    TooManyBodiesError,
)
from service.web.front.connection import REFUSE, STOPPING
from service.web.front.environ import MalformedError, Scope, make_environ, path_of
from service.web.front.failures import BROKEN, BUSY, MALFORMED, SLOW, Failure
from service.web.front.places import PLACES, Places, allow_connections
from service.web.holding import HOLD, Hold
from service.web.ops.requests import HEADER, choose_id, note
from service.web.request import ARRIVED_AT, EXTENSION, Services, hide_secrets

log = logging.getLogger(__name__)

THREAD_SECONDS = 30.0  # that a request waits for a free thread
LARGE_FILE = 1024 * 1024  # bytes; a larger one is sent in parts of this size

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer. It is sent when no thread is needed any more.

    `file` is a large file, open, that is sent instead of the body.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    file: FileWrapper | None = None


class NoThreadError(Exception):
    """All threads were busy for long."""


class Front:
    """Runs a Flask application. Only a request that is there, whole, has one of its threads."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._services: Services = app.extensions[EXTENSION]
        self._bodies = BodyReader(self._find_limit)
        self._threads = ThreadPoolExecutor(settings.web_threads, thread_name_prefix="web")
        self._free = asyncio.Semaphore(settings.web_threads)
        services = self._services
        self.listener = Listener(services.engine, services.readers, services.waits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        started = time.perf_counter()
        try:
            async with self._bodies.read(scope, receive) as body:
                answer = await self._answer(scope, receive, body)
        except DisconnectedError:
            return
        except (TooManyBodiesError, NoThreadError):
            answer = self._fail(scope, BUSY, started)
        except SlowBodyError:
            answer = self._fail(scope, SLOW, started)
        except MalformedError:
            answer = self._fail(scope, MALFORMED, started)
        except Exception as error:
            answer = self._fail(scope, BROKEN, started, error)
        await _send(answer, send)

    async def refuse(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer a request for which there is no place, without reading its body."""
        await _send(self._fail(scope, BUSY, time.perf_counter()), send)

    def _find_limit(self, scope: Scope) -> int:
        """How many bytes the request's address accepts."""
        try:
            return limit_at(self._app, _decode(path_of(scope)), scope["method"]).size
        except MalformedError:
            return SMALL.size

    def _fail(
        self, scope: Scope, failure: Failure, started: float, error: Exception | None = None
    ) -> Answer:
        """Count and log a failure; returns its answer, as JSON or plain text.

        No thread is free to make a page.
        """
        try:
            path = _decode(path_of(scope))
        except MalformedError:
            path = ""
        given = dict(scope["headers"]).get(HEADER.lower().encode(), b"").decode("latin-1")
        request_id = choose_id(given, self._services.settings)
        with logs.bound(request=request_id):
            if error is not None:
                log.error("error %s in front of the application", request_id, exc_info=error)
            note(scope["method"], hide_secrets(path), None, failure.status, started)
        text, media_type = failure.message.format(request_id), "text/plain; charset=utf-8"
        if path.startswith("/api/"):
            text = json.dumps({"error": {"code": failure.code, "message": text, "fields": {}}})
            media_type = "application/json"
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(len(text)),
            "Cache-Control": "no-store",
            HEADER: request_id,
            **failure.headers,
        }
        return Answer(status=failure.status, headers=_encode(headers.items()), body=text.encode())

    async def _answer(self, scope: Scope, receive: Receive, body: ReadBody) -> Answer:
        """Run the request; if it asks to wait, run it again afterwards."""
        hold = Hold(waits=self._services.waits)
        try:
            answer = await self._run(scope, body, hold)
            if hold.wait is not None and hold.keeps_answer:
                await _wait(hold.wait.stored, hold.seconds, receive)
                hold.leave()
                hold.has_waited = True
                answer = await self._run(scope, body, hold)
            return answer
        finally:
            hold.leave()

    async def _run(self, scope: Scope, body: ReadBody, hold: Hold) -> Answer:
        environ = make_environ(scope, body.content, body.length)
        environ |= {HOLD: hold, ARRIVED_AT: body.arrived_at, "wsgi.file_wrapper": FileWrapper}
        try:
            async with asyncio.timeout(THREAD_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise NoThreadError from None
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _call, self._app, environ)
        finally:
            self._free.release()

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        scope["state"] |= {
            STOPPING: self._services.waits.close,
            REFUSE: self.refuse,
            PLACES: Places(allow_connections()),
        }
        _end_with_parent()
        self.listener.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.listener.stop()
        self._threads.shutdown()
        self._services.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _send(answer: Answer, send: Send) -> None:
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    if answer.file is not None:
        await _send_file(answer.file, send)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _wait(stored: Any, seconds: float, receive: Receive) -> None:
    """Return when the result may be stored or the time is over; raises DisconnectedError."""
    result = asyncio.wrap_future(stored)
    gone = asyncio.ensure_future(receive())
    try:
        await asyncio.wait({result, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise DisconnectedError
    finally:
        gone.cancel()
        result.cancel()


def _call(app: Flask, environ: dict[str, Any]) -> Answer:
    """Run the application in this thread."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    chunks: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
        started.append((status, headers))
        return chunks.append

    iterable = app(environ, start)
    status, headers = started[-1]
    if (
        isinstance(iterable, FileWrapper)
        and int(dict(headers).get("Content-Length", 0)) > LARGE_FILE
    ):
        return Answer(
            status=int(status.split(" ", 1)[0]), headers=_encode(headers), body=b"", file=iterable
        )
    try:
        chunks.extend(iterable)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    return Answer(
        status=int(status.split(" ", 1)[0]),
        headers=_encode(headers),
        body=b"".join(chunks),
    )


async def _send_file(file: FileWrapper, send: Send) -> None:
    """Send a file in parts, as fast as its client reads. No part is in memory before it's due."""
    file.buffer_size = LARGE_FILE
    try:
        while chunk := await asyncio.to_thread(next, file, b""):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        file.close()


def _decode(path: str) -> str:
    """A path as Flask decodes it."""
    return path.encode("latin-1").decode(errors="replace")


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers]


def _end_with_parent() -> None:
    """One of several web processes ends when the process that started it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop = asyncio.get_running_loop()

        def end() -> None:
            loop.remove_reader(parent.sentinel)
            os.kill(os.getpid(), signal.SIGTERM)

        loop.add_reader(parent.sentinel, end)
