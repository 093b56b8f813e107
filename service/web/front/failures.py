"""What the front answers by itself, where Flask can't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.errors import INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error. Its message may have the request's id in it, as `{}`."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str]


MALFORMED = Failure(
    status=400,
    code="bad_request",
    message="The request's address can't be read. Check it.",
    headers={},
)
SLOW = Failure(
    status=408,
    code="timeout",
    message="The request took too long to arrive. Try again with a better connection.",
    headers={"Connection": "close"},
)
BROKEN = Failure(
    status=500,
    code="internal_error",
    message=INTERNAL,
    headers={"Connection": "close"},
)
BUSY = Failure(
    status=503,
    code="unavailable",
    message="Chainrule is busy. Nothing is lost. Try again in a moment.",
    headers={"Retry-After": "5", "Connection": "close"},
)
