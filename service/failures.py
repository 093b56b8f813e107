"""How refusals and faults are answered: one JSON shape for programs, one page for people."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPage

from service.errors import (
    BadRequest,
    NotFound,
    ServiceError,
    TooLarge,
    Unavailable,
)
from service.uploads import MAX_BYTES

log = logging.getLogger(__name__)

DATABASE_AWAY = (
    "The database does not answer. Nothing that was accepted is lost. Try again in a moment."
)


def register(app: Flask) -> None:
    """Answer every exception that leaves a view."""
    app.register_error_handler(ServiceError, _answer)
    app.register_error_handler(HTTPException, _answer_http)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _answer_away)
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
    return _answer(_translate(error))


def _answer_away(error: Exception) -> ResponseReturnValue:
    log.error("the database is away: %s", error)
    return _answer(Unavailable(DATABASE_AWAY))


def _answer_unstorable(error: DataError) -> ResponseReturnValue:
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
        return NotFound("There is nothing at this address. Check it, or start from the first page.")
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge(f"The request is too large. A file may have {MAX_BYTES:,} bytes.")
    return _HttpError(error)


class _HttpError(ServiceError):
    """Another error of the web framework in our shape."""

    def __init__(self, error: HTTPException) -> None:
        super().__init__(error.description or error.name, code=error.name.lower().replace(" ", "_"))
        self.status = error.code or 500
        self._allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None

    @property
    def headers(self) -> dict[str, str]:
        """The methods that are allowed, where that is the matter."""
        return {"Allow": ", ".join(sorted(self._allowed))} if self._allowed else {}
