"""How large the body of a request may be.

Unless a view says otherwise, a body has at most 16 KB. A view that accepts more says so before
anything reads the body: an operation of the API by `limit=`, a page by `@accept_body(SOURCE)`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from flask import Flask, g, request

P = ParamSpec("P")
R = TypeVar("R")

MAX_FORM_FIELDS = 1_000_000  # bytes: a form may encode each byte of a pasted source in three


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The largest body in bytes, and what to say when a body is larger."""

    size: int
    message: str


SMALL = Limit(size=16 * 1024, message="The request is too large. At most 16 KB are accepted here.")
REASON = Limit(
    size=64 * 1024,  # JSON may encode each of 2,000 characters in 12 bytes
    message="The request is too large. A reason may have at most 2,000 characters.",
)
SOURCE = Limit(
    size=6_500_000,  # JSON may encode each of a notebook's 1,048,576 bytes in six
    message="The request is too large. A file may have at most 256 KB, and a notebook 1 MB.",
)


def set_defaults(app: Flask) -> None:
    """Limit the bodies of all requests, also those that fit no view."""
    app.config["MAX_CONTENT_LENGTH"] = SMALL.size
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_FIELDS


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
