"""Moments and spans of time as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from service.feedback.visible_text import visible

_in_backticks = re.compile(r"`([^`]+)`")


def utc(moment: datetime) -> str:
    """A moment as people read it, such as `3 Mar 2026, 14:05 UTC`."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def iso(moment: datetime) -> str:
    """A moment as programs read it: ISO 8601, UTC, seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def span(length: timedelta) -> str:
    """About how long, in its largest unit: `3 days`, `1 hour`, `less than a minute`."""
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        count = minutes // size
        if count:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def late(minutes: float) -> str:
    """How late a submission is: `2 hours late`."""
    return f"{span(timedelta(minutes=minutes))} late"


def with_code(text: str) -> Markup:
    """A text whose parts in backticks are code; everything else is escaped.

    >>> with_code("Is `x` < 1?")
    Markup('Is <code>x</code> &lt; 1?')
    """
    return Markup(_in_backticks.sub(r"<code>\1</code>", str(escape(visible(text)))))


@lru_cache(maxsize=4096)
def in_path(text: str) -> str:
    """Text as a part of an address's path. A report's page has hundreds, the same for everybody."""
    return quote(text)
