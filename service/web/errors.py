"""Answers to errors: one JSON shape for programs, one page for people."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlencode

from flask import Flask, g, jsonify, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPage

from service.errors import (
    INTERNAL,
    BadRequest,
    NotFound,
    ServiceError,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from service.store.postgres_errors import (
    FOREIGN_KEY_VIOLATION,
    LOCK_NOT_AVAILABLE,
    UNDEFINED_COLUMN,
    UNDEFINED_TABLE,
    code_of,
)
from service.web.bodies import current_limit
from service.web.csrf import SAFE_METHODS
from service.web.request import path_without_secrets

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer every exception that leaves a view."""
    app.register_error_handler(ServiceError, _answer)
    app.register_error_handler(Unauthorized, _answer_signed_out)
    app.register_error_handler(HTTPException, _answer_http)
    for unreachable in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(unreachable, _answer_unreachable)
    app.register_error_handler(ProgrammingError, _answer_programming_error)
    app.register_error_handler(IntegrityError, _answer_integrity_error)
    app.register_error_handler(DataError, _answer_data_error)
    app.register_error_handler(Exception, _answer_internal_error)


def wants_json() -> bool:
    """Whether the request comes from a program, not from a browser."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"


def _answer(error: ServiceError) -> ResponseReturnValue:
    if wants_json():
        body = {"code": error.code, "message": error.message, "fields": error.details}
        return jsonify(error=body), error.status, error.headers
    if error.status >= 500:
        g.account = None  # the page must not ask the database who is signed in
    return render_template("error.html", error=error), error.status, error.headers


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, MethodNotAllowed):
        # A browser that is signed in opened the address that a form is sent to.
        if request.method in SAFE_METHODS and "account" in session and not wants_json():
            return redirect(_page_of_form(), 303)
        return _answer(_WrongMethodError(error))
    if isinstance(error, NoSuchPage):
        there = "See /api/v1/openapi.json for the addresses that exist."
        onward = there if wants_json() else "Check it, or start from your courses."
        return _answer(NotFound(f"There is nothing at this address. {onward}"))
    if isinstance(error, RequestEntityTooLarge):
        return _answer(TooLarge(current_limit().message))
    return _answer(_HttpError(error))


def _page_of_form() -> str:
    """The page that a form is on: the form's address without its last part."""
    return request.path.rsplit("/", 1)[0] or "/"


def _answer_signed_out(error: Unauthorized) -> ResponseReturnValue:
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


def _answer_unreachable(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OperationalError) and _lacks_tables(error):
        return _answer_without_tables(error)
    if isinstance(error, OperationalError) and code_of(error.orig) == LOCK_NOT_AVAILABLE:
        log.warning("another process keeps a lock: %s", error.orig)
        return _answer(
            Unavailable("Something else is changing this. Nothing is lost. Try again in a moment.")
        )
    log.error("the database doesn't answer: %s", error)
    return _answer(
        Unavailable("The database doesn't answer. Nothing is lost. Try again in a moment.")
    )


def _answer_programming_error(error: ProgrammingError) -> ResponseReturnValue:
    return _answer_without_tables(error) if _lacks_tables(error) else _answer_internal_error(error)


def _answer_integrity_error(error: IntegrityError) -> ResponseReturnValue:
    """A new row belongs to something that somebody deleted at the same moment."""
    is_foreign = code_of(error.orig) == FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(error.orig)
    if not is_foreign:
        return _answer_internal_error(error)
    g.account = None  # its transaction has failed: the page must not ask for anything in it
    return _answer(NotFound("This was deleted a moment ago. Nothing was stored."))


def _answer_without_tables(error: DBAPIError) -> ResponseReturnValue:
    log.error("the database lacks tables, run `chainrule db upgrade`: %s", error.orig)
    return _answer(
        Unavailable("Chainrule is being set up or upgraded right now. Try again in a minute.")
    )


def _lacks_tables(error: DBAPIError) -> bool:
    message = str(error.orig)
    return code_of(error.orig) in (UNDEFINED_TABLE, UNDEFINED_COLUMN) or message.startswith(
        ("no such table", "no such column")
    )


def _answer_data_error(error: DataError) -> ResponseReturnValue:
    g.account = None  # its transaction has failed: the page must not ask for anything in it
    log.info("rejected by the database: %s", error)
    return _answer(BadRequest("The request has characters in it that can't be stored."))


def _answer_internal_error(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(6)
    path = path_without_secrets()
    log.error("error %s at %s %s", reference, request.method, path, exc_info=error)
    return _answer(ServiceError(INTERNAL.format(reference)))


class _HttpError(ServiceError):
    """Another error of the web framework in our shape."""

    def __init__(self, error: HTTPException, message: str | None = None) -> None:
        code = error.name.lower().replace(" ", "_")
        super().__init__(message or error.description or error.name, code=code)
        self.status = error.code or 500


class _WrongMethodError(_HttpError):
    """A method that the address doesn't accept; names those that it does."""

    def __init__(self, error: MethodNotAllowed) -> None:
        self._allowed = sorted(error.valid_methods or ())
        accepted = " and ".join(each for each in self._allowed if each not in {"HEAD", "OPTIONS"})
        onward = (
            "See /api/v1/openapi.json for what each does."
            if wants_json()
            else "Go to the page itself and use its buttons."
        )
        message = f"This address accepts {accepted}, not {request.method}. {onward}"
        super().__init__(error, message)

    @property
    def headers(self) -> dict[str, str]:
        """The methods that are allowed."""
        return {"Allow": ", ".join(self._allowed)}
