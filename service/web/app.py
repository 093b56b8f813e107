"""The web application, made from Settings."""

from __future__ import annotations

import functools

from flask import Flask, Response, request

from service.people.mail import Mailer
from service.people.sessions import LIFETIME
from service.people.throttle import Throttle
from service.settings import Settings
from service.store.database import make_engine, make_hasty, make_readers, make_sessions
from service.submissions.queue import Queue
from service.submissions.receipts import Receipts
from service.submissions.waiting import Waits
from service.web import api, bodies, compression, csrf, errors, ops, pages, static_files
from service.web.forwarded import ForwardedHeaders, reject_wrong_host
from service.web.request import EXTENSION, Services, close_session

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# A thread waits for a lock no longer. A frozen process may hold one for minutes, and each time that
# its student tries again would cost another thread.
LOCK_SECONDS = 5

# Everything else is about a person or changes at any time, so no browser or proxy keeps it.
CACHEABLE = frozenset({static_files.ENDPOINT})


def create_app(settings: Settings) -> Flask:
    """An application with its own engine, queue and keys. It doesn't connect to anything yet."""
    app = Flask("service.web")
    compression.register(app)  # first, so that it has the last word on an answer
    bodies.set_defaults(app)
    app.before_request(reject_wrong_host)
    app.before_request(csrf.reject_other_sites)
    app.after_request(_add_headers)
    static_files.register(app)
    app.teardown_request(close_session)
    for part in (errors, api, ops, pages):
        part.register(app)
    configure(app, settings)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Give an application its settings, and an engine, a queue and keys of its own.

    Its routes and templates stay, so this is much quicker than making an application.
    """
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="chainrule",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
    )
    answer = functools.partial(Flask.wsgi_app, app)
    app.wsgi_app = ForwardedHeaders(answer, settings.trusted_proxies)  # type: ignore[method-assign]
    app.extensions[EXTENSION] = _make_services(settings)


def _make_services(settings: Settings) -> Services:
    engine = make_engine(settings, lock_seconds=LOCK_SECONDS)
    return Services(
        settings=settings,
        engine=engine,
        readers=make_readers(engine),
        writers=make_sessions(engine),
        hasty=make_hasty(engine),
        queue=Queue(settings),
        receipts=Receipts(settings.secret_key, settings.old_secret_keys),
        throttle=Throttle(settings),
        mailer=Mailer(settings),
        waits=Waits(),
    )


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in CACHEABLE or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
