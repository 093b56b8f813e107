"""Every request gets an id, a line in the log, and a place in the metrics."""

from __future__ import annotations

import logging
import time
from urllib.parse import quote

from flask import Flask, Response, g, request

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
    given = request.headers.get(HEADER, "")
    # Without a trusted proxy, anybody could choose the id and put it on lines of others.
    trusted = services().settings.trusted_proxies > 0 and logs.is_request_id(given)
    g.request_id = given if trusted else logs.new_request_id()
    if hold is not None:
        # A request that waits runs twice. It stays one request.
        hold.request_id = g.request_id = hold.request_id or g.request_id
    logs.forget()  # the thread has answered other requests before
    logs.bind(request=g.request_id)


def _finish(response: Response) -> Response:
    hold = holding.current()
    if hold is not None and hold.keeps_answer:
        return response
    # A request without a route can have any method. That must not create new labels.
    method, route = "none", "none"
    if request.url_rule is not None:
        method, route = request.method, request.url_rule.rule
    seconds = time.perf_counter() - g.started
    REQUEST_SECONDS.labels(method, route, str(response.status_code)).observe(seconds)
    response.headers[HEADER] = g.request_id
    if request.endpoint not in UNLOGGED:
        # Without the query, which may have a token; quoted, so that it stays on one line.
        path = quote(path_without_secrets(), safe="/")
        log.info("%s %s %d in %.3f s", request.method, path, response.status_code, seconds)
    return response
