"""How refusals and faults are answered: one JSON shape for programs, one page for people."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from urllib.parse import urlencode

from flask import Flask, g, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPage

from service.errors import (
    BadRequest,
    NotFound,
    ServiceError,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from service.submissions.uploads import MAX_BYTES, MAX_NOTEBOOK_BYTES
from service.web.csrf import SAFE_METHODS

log = logging.getLogger(__name__)

DATABASE_AWAY = (
    "The database does not answer. Nothing that was accepted is lost. Try again in a moment."
)
BEING_SET_UP = "Chainrule is being set up or upgraded just now. Try again in a minute."


def register(app: Flask) -> None:
    """Answer every exception that leaves a view."""
    app.register_error_handler(ServiceError, _answer)
    app.register_error_handler(Unauthorized, _answer_unknown)
    app.register_error_handler(HTTPException, _answer_http)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _answer_away)
    app.register_error_handler(ProgrammingError, _answer_misunderstood)
    app.register_error_handler(DataError, _answer_unstorable)
    app.register_error_handler(Exception, _answer_fault)


def wants_json() -> bool:
    """Whether a program is asking."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"


def _answer(error: ServiceError) -> ResponseReturnValue:
    if wants_json():
        body = {"code": error.code, "message": error.message, "fields": error.fields}
        return jsonify(error=body), error.status, error.headers
    if error.status >= 500:
        g.account = None  # the page must not ask the books who is signed in
    return render_template("error.html", error=error), error.status, error.headers


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, MethodNotAllowed) and _is_led_astray():
        return redirect(_page_of_form(), 303)
    return _answer(_translate(error))


def _is_led_astray() -> bool:
    """Whether a browser that is signed in opened the address that a form is sent to."""
    return request.method in SAFE_METHODS and "account" in session and not wants_json()


def _page_of_form() -> str:
    """The address of a form's page, which is that of the form less its last part."""
    return request.path.rsplit("/", 1)[0] or "/"


def _answer_unknown(error: Unauthorized) -> ResponseReturnValue:
    """Send a person to the sign-in page, and from there back to the page that they wanted."""
    if wants_json():
        return _answer(error)
    wanted = request.path
    if request.method not in SAFE_METHODS:
        wanted = _page_of_form()
    elif request.query_string:
        wanted = request.full_path
    query = "" if wanted == "/" else f"?{urlencode({'next': wanted})}"
    return redirect(f"/sign-in{query}", 303)


def _answer_away(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OperationalError) and _lacks_tables(error):
        return _answer_without_tables(error)
    log.error("the database is away: %s", error)
    return _answer(Unavailable(DATABASE_AWAY))


def _answer_misunderstood(error: ProgrammingError) -> ResponseReturnValue:
    if _lacks_tables(error):
        return _answer_without_tables(error)
    return _answer_fault(error)


def _answer_without_tables(error: DBAPIError) -> ResponseReturnValue:
    log.error("the database lacks tables, run `chainrule db upgrade`: %s", error.orig)
    return _answer(Unavailable(BEING_SET_UP))


def _lacks_tables(error: DBAPIError) -> bool:
    told = str(error.orig)
    return isinstance(error.orig, (UndefinedTable, UndefinedColumn)) or told.startswith(
        ("no such table", "no such column")
    )


def _answer_unstorable(error: DataError) -> ResponseReturnValue:
    g.account = None  # its transaction has failed: the page must not ask for anything in it
    log.info("refused by the database: %s", error)
    return _answer(BadRequest("The request has characters in it that cannot be looked up or kept."))


def _answer_fault(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(6)
    log.error("fault %s at %s %s", reference, request.method, request.path, exc_info=error)
    return _answer(
        ServiceError(
            "Something went wrong on our side. Try again; if it stays so, tell your teacher or "
            f"operator this reference: {reference}."
        )
    )


def _translate(error: HTTPException) -> ServiceError:
    if isinstance(error, NoSuchPage):
        there = "See /api/v1/openapi.json for those that there are."
        onward = there if wants_json() else "Check it, or start from your courses."
        return NotFound(f"There is nothing at this address. {onward}")
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge(
            f"The request is too large. A file may have {MAX_BYTES:,} bytes, "
            f"a notebook {MAX_NOTEBOOK_BYTES:,}."
        )
    return _HttpError(error)


class _HttpError(ServiceError):
    """Another error of the web framework in our shape."""

    def __init__(self, error: HTTPException) -> None:
        self._allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
        told = _tell_methods(self._allowed) if self._allowed else error.description or error.name
        super().__init__(told, code=error.name.lower().replace(" ", "_"))
        self.status = error.code or 500

    @property
    def headers(self) -> dict[str, str]:
        """The methods that are allowed, where that is the matter."""
        return {"Allow": ", ".join(sorted(self._allowed))} if self._allowed else {}


def _tell_methods(allowed: Iterable[str]) -> str:
    taken = " and ".join(sorted(set(allowed) - {"HEAD", "OPTIONS"}))
    each = "See /api/v1/openapi.json for what each does."
    onward = each if wants_json() else "Go to its page, and use what stands there."
    return f"This address takes {taken} alone, not {request.method}. {onward}"
