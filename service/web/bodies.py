"""How large a request may be: its body, its form, its address and its headers.

Unless a view says otherwise, a body has at most 16 KB. A view that accepts more says so before
anything reads the body: an operation of the API by `limit=`, a page by `@accept_body(SOURCE)`.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, ParamSpec, TypeVar

from flask import Flask, Request, g, request
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)
from werkzeug.formparser import FormDataParser

P = ParamSpec("P")
R = TypeVar("R")

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


def set_defaults(app: Flask) -> None:
    """Limit the bodies of all requests, also those that fit no view."""
    app.config["MAX_CONTENT_LENGTH"] = SMALL.size
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_FIELDS
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.request_class = _BoundedRequest
    app.before_request(_reject_long_headers)


def set_limit(limit: Limit) -> None:
    """Accept a larger body in this request."""
    g.body_limit = limit
    request.max_content_length = limit.size


def current_limit() -> Limit:
    """The limit of this request."""
    limit: Limit = g.get("body_limit", SMALL)
    return limit


def accept_body(limit: Limit) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a page's view accept a larger body."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            set_limit(limit)
            return view(*args, **kwargs)

        return limited

    return decorate


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
