"""Serves HTTP with uvicorn, configured by Settings."""

from __future__ import annotations

import signal
import sys
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from service.settings import Settings
from service.supervision.collector import collect_seldom, freeze_objects
from service.telemetry import logs
from service.web.app import create_app
from service.web.front.application import Front
from service.web.front.connection import Connection
from service.web.front.places import BACKLOG

KEEP_ALIVE_SECONDS = 15  # between two requests of a connection
STOP_SECONDS = 5  # that requests have to end


def serve(settings: Settings) -> None:
    """Answer HTTP until a signal stops the process."""
    # uvicorn ends in order, and then raises the signal again.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: sys.exit(0))
    if settings.web_processes > 1:
        config = configure(settings, "service.web.server:make_front", factory=True)
        Multiprocess(config, sockets=[config.bind_socket()]).run()
    else:
        uvicorn.Server(configure(settings, _make_front(settings))).run()


def make_front() -> Front:
    """The application of one of several processes, each of which starts from the environment."""
    collect_seldom()
    settings = Settings.from_env()
    logs.configure(settings)
    return _make_front(settings)


def configure(settings: Settings, app: Any, *, factory: bool = False) -> uvicorn.Config:
    """The configuration of the server."""
    return uvicorn.Config(
        app,
        factory=factory,
        host=settings.host,
        port=settings.port,
        workers=settings.web_processes,
        loop="asyncio",
        http=Connection,
        backlog=BACKLOG,
        ws="none",
        interface="asgi3",
        lifespan="on",
        proxy_headers=False,  # the application trusts CHAINRULE_TRUSTED_PROXIES, nobody else does
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=15,
    )


def _make_front(settings: Settings) -> Front:
    front = Front(create_app(settings), settings)
    freeze_objects()
    return front
