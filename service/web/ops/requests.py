"""Every request gets an id, a line in the log, and a place in the metrics.

That is also true for those that never reach Flask: the front answers them, and calls `note` itself.
"""

from __future__ import annotations

import logging
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

from service.settings import Settings
from service.telemetry import logs
from service.telemetry.metrics import REQUEST_SECONDS
from service.web import holding
from service.web.request import path_without_secrets, services

HEADER = "X-Request-Id"
UNLOGGED = {"static", "metrics", "probes.say_alive", "probes.say_ready"}  # asked all the time

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Name, time and log every request."""
    app.before_request_funcs.setdefault(None, []).insert(0, _start)
    app.after_request(_finish)


def _start() -> None:
    hold = holding.current()
    g.started = time.perf_counter() if hold is None else hold.started
    g.request_id = choose_id(request.headers.get(HEADER, ""), services().settings)
    if hold is not None:
        # A request that waits runs twice. It stays one request.
        hold.request_id = g.request_id = hold.request_id or g.request_id
    logs.forget()  # the thread has answered other requests before
    logs.bind(request=g.request_id)


def _finish(response: Response) -> Response:
    hold = holding.current()
    if hold is not None and hold.keeps_answer:
        return response
    response.headers[HEADER] = g.request_id
    path = None if request.endpoint in UNLOGGED else path_without_secrets()
    route = None if request.url_rule is None else request.url_rule.rule
    note(request.method, path, route, response.status_code, g.started)
    return response


def choose_id(given: str, settings: Settings) -> str:
    """The id of a request whose header has the text `given`, which may be empty."""
    # Without a trusted proxy, anybody could choose the id and put it on lines of others.
    trusted = settings.trusted_proxies > 0 and logs.is_request_id(given)
    return given if trusted else logs.new_request_id()


def note(method: str, path: str | None, route: str | None, status: int, started: float) -> None:
    """Count an answer, and log it unless `path` is None. The path must not have secrets or a query.

    `started` is by time.perf_counter.
    """
    seconds = time.perf_counter() - started
    # A request without a route can have any method. That must not create new labels.
    labels = ("none", "none") if route is None else (method, route)
    REQUEST_SECONDS.labels(*labels, str(status)).observe(seconds)
    if path is not None:
        # Quoted, so that it stays on one line.
        log.info("%s %s %d in %.3f s", method, quote(path, safe="/"), status, seconds)
