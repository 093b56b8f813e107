"""How large a request may be: its body, its form, its address and its headers.

Unless a view says otherwise, a body has at most 16 KB. An operation of the API says so by
`limit=`, a page by `@accept_body(SOURCE)`. So the front knows it before it reads the body.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import (
    HTTPException,
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)
from werkzeug.formparser import FormDataParser

V = TypeVar("V", bound=Callable[..., Any])

MAX_FORM_FIELDS = 1_000_000  # bytes: a form may encode each byte of a pasted source in three
MAX_FORM_PARTS = 100  # fields and files; the form of an assignment has about 40
MAX_QUERY = 4 * 1024  # bytes
MAX_HEADERS = 32 * 1024  # characters of all names and values together


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The largest body in bytes, and what to say when a body is larger.

    `values` is how many values a JSON body may have, those in lists and objects included.
    """

    size: int
    message: str
    values: int = 1_000


SMALL = Limit(size=16 * 1024, message="The request is too large. At most 16 KB are accepted here.")
REASON = Limit(
    size=64 * 1024,  # JSON may encode each of 2,000 characters in 12 bytes
    message="The request is too large. At most 2,000 characters are accepted here.",
)
ASSIGNMENT = Limit(
    size=128 * 1024, message="The request is too large. An assignment may have at most 128 KB."
)
ASSIGNMENT_FORM = Limit(
    size=640 * 1024,  # a form encodes each of 50,000 characters in up to 12 bytes
    message="The form is too large. A task text may have at most 50,000 characters.",
)
SOURCE = Limit(
    size=6_500_000,  # JSON may encode each of a notebook's 1,048,576 bytes in six
    message="The request is too large. A file may have at most 256 KB, and a notebook 1 MB.",
)

CLASS_FILES = Limit(
    size=6_000_000,  # a ZIP of 4 MB in base64
    message="The request is too large. A ZIP may have at most 4 MB. Split it.",
)
EMAILS = Limit(
    size=256 * 1024, message="The request is too large. At most 500 e-mails are accepted here."
)
ROSTER = Limit(
    size=1024 * 1024,
    message="The request is too large. A roster may have at most 1 MB. Split it.",
    values=30_000,
)

_limits: dict[Callable[..., Any], Limit] = {}  # of the views that accept more than SMALL


def set_defaults(app: Flask) -> None:
    """Limit the bodies of all requests, also those that fit no view."""
    app.config["MAX_CONTENT_LENGTH"] = SMALL.size
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_FIELDS
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.request_class = _BoundedRequest
    app.before_request(_apply_limit)
    app.before_request(_reject_long_headers)


def accept_body(limit: Limit) -> Callable[[V], V]:
    """Let a view accept a larger body."""

    def decorate(view: V) -> V:
        _limits[view] = limit
        return view

    return decorate


def current_limit() -> Limit:
    """The limit of this request."""
    return _limit_of(current_app, request.endpoint)


def limit_of(view: Callable[..., Any]) -> Limit:
    """The limit of a view's requests."""
    return _limits.get(view, SMALL)


def limit_at(app: Flask, path: str, method: str) -> Limit:
    """The limit of a request that Flask hasn't seen yet."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method)
    except HTTPException:  # a redirect, or there is no such address
        return SMALL
    return _limit_of(app, endpoint)


def _limit_of(app: Flask, endpoint: str | None) -> Limit:
    view = None if endpoint is None else app.view_functions.get(endpoint)
    return SMALL if view is None else limit_of(view)


def _apply_limit() -> None:
    """Before each request: bound what may be read of its body."""
    request.max_content_length = current_limit().size


class _BoundedForms(FormDataParser):
    """Applies the limits of multipart forms to URL-encoded ones as well, before they are parsed."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Parse a form; raises RequestEntityTooLarge."""
        if mimetype == "application/x-www-form-urlencoded":
            form = stream.read()
            if len(form) > MAX_FORM_FIELDS or form.count(b"&") >= MAX_FORM_PARTS:
                raise RequestEntityTooLarge
            stream = io.BytesIO(form)
        return super().parse(stream, mimetype, content_length, options)


class _BoundedRequest(Request):
    form_data_parser_class = _BoundedForms


def _reject_long_headers() -> None:
    """Before each request, on any server: what parses addresses and headers may be slow."""
    if len(request.query_string) > MAX_QUERY:
        raise RequestURITooLarge(f"The address is too long. Its query may have {MAX_QUERY} bytes.")
    if sum(len(name) + len(value) for name, value in request.headers) > MAX_HEADERS:
        raise RequestHeaderFieldsTooLarge(
            f"The request has too many headers or cookies: over {MAX_HEADERS} characters in all."
        )
