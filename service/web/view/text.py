"""Moments and spans of time as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from service.feedback.visible_text import visible

_number = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_is_long = re.compile(r"\d+\.\d{7}")
_in_backticks = re.compile(r"`([^`]+)`")
_line = re.compile(
    r"(?:(?<=\()|^)(?:code cell ([0-9]{1,6}), )?line ([0-9]{1,6})(?=\)| was left out)",
    re.IGNORECASE,
)


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


def link_lines(text: str, page: str = "") -> Markup:
    """A message whose positions, such as `(line 12)`, lead to the source on a page.

    An empty `page` is the one that the message is on. Everything else is escaped.

    >>> link_lines("a < b (line 12)")
    Markup('a &lt; b (<a href="#L12">line 12</a>)')
    >>> link_lines("No b (code cell 2, line 3).", "/submissions/1")
    Markup('No b (<a href="/submissions/1#C2L3">code cell 2, line 3</a>).')
    """

    def link(found: re.Match[str]) -> str:
        cell = f"C{found[1]}" if found[1] else ""
        return f'<a href="{escape(page)}#{cell}L{found[2]}">{found[0]}</a>'

    return Markup(_line.sub(link, str(escape(visible(text)))))


def with_few_digits(text: str) -> str:
    """A text with its long numbers to six digits, unless two would look the same then.

    >>> with_few_digits("x.grad is 0.4199743416140261, and should be 1")
    'x.grad is 0.419974, and should be 1'
    >>> with_few_digits("x.data is 0.30000000000000004, and should be 0.3")
    'x.data is 0.30000000000000004, and should be 0.3'
    """
    found = set(_number.findall(text))
    shown = {each: f"{float(each):.6g}" if _is_long.match(each) else each for each in found}
    if len(set(shown.values())) < len(found):
        return text
    return _number.sub(lambda each: shown[each[0]], text)


@lru_cache(maxsize=4096)
def in_path(text: str) -> str:
    """Text as a part of an address's path. A report's page has hundreds, the same for everybody."""
    return quote(text)
