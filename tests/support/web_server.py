"""The real server in a thread of the test, so that its parts can be looked at."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import uvicorn
from flask import Flask

from service.settings import Settings
from service.submissions.waiting import Waits
from service.web.front.application import Front
from service.web.request import EXTENSION
from service.web.server import configure
from tests.support.ports import wait_for


@dataclass(frozen=True, slots=True)
class WebServer:
    """A running server and its application."""

    url: str
    port: int
    app: Flask
    front: Front
    server: uvicorn.Server

    @property
    def waits(self) -> Waits:
        """The requests that wait."""
        waits: Waits = self.app.extensions[EXTENSION].waits
        return waits

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self.server.server_state.connections)


@contextlib.contextmanager
def serving(app: Flask, settings: Settings) -> Iterator[WebServer]:
    """Serve an application on a free port until the end of the block, which closes it."""
    front = Front(app, settings)
    config = configure(replace(settings, port=0), front)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    port: int = socket.getsockname()[1]
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    try:
        wait_for(lambda: server.started and front.listener.listening.is_set(), what="the server")
        yield WebServer(f"http://127.0.0.1:{port}", port, app, front, server)
    finally:
        server.should_exit = True
        thread.join()
