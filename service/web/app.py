"""The web application, made from Settings."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.people.throttle import Throttle
from service.settings import Settings
from service.store.database import make_engine, make_readers, make_sessions
from service.submissions.queue import Queue
from service.submissions.receipts import Receipts
from service.submissions.waiting import Watch
from service.web import api, csrf, failures, ops, pages
from service.web.request import EXTENSION, Services, close_session

MAX_BODY = 6_500_000  # bytes: JSON may spell each of a notebook's 1,048,576 bytes with six
MAX_PASTE = 1_000_000  # bytes: a form may spell each with three

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(settings: Settings) -> Flask:
    """An application that holds its own engine, queue and keys; nothing is contacted yet."""
    app = Flask("service.web")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_PASTE,
        SESSION_COOKIE_NAME="chainrule",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions[EXTENSION] = _services(settings)
    app.before_request(csrf.refuse_other_sites)
    app.after_request(_add_headers)
    app.teardown_request(close_session)
    failures.register(app)
    api.register(app)
    ops.register(app)
    pages.register(app)
    return app


def _services(settings: Settings) -> Services:
    engine = make_engine(settings)
    readers = make_readers(engine)
    return Services(
        settings=settings,
        engine=engine,
        readers=readers,
        writers=make_sessions(engine),
        queue=Queue(settings),
        receipts=Receipts(settings.secret_key),
        throttle=Throttle(settings),
        # Some threads stay free for those who do not wait.
        watch=Watch(readers, at_most=max(1, settings.web_threads * 3 // 4)),
    )


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
