"""Python source as highlighted HTML. Pygments escapes what it is given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from service.pages.text import visible

MAX_LINES = 5_000  # shown; the rest is in the download
MAX_COLOURED = 50_000  # characters; beyond it colours cost more than they tell

# The lexer takes quadratic time on long lines and long runs of white space.
_slow = re.compile(r"[^\n]{2000}|\s{400}")

_formatter = HtmlFormatter(nowrap=True, classprefix="")


@dataclass(frozen=True, slots=True)
class Listing:
    """A source line by line, and how many lines at its end are not shown."""

    lines: tuple[Markup, ...]
    hidden: int


@lru_cache(maxsize=64)
def list_source(source: str) -> Listing:
    """A source with one piece of HTML for each line."""
    shown = visible(source).removesuffix("\n").split("\n")
    lines = highlight_python("\n".join(shown[:MAX_LINES])).split("\n")
    return Listing(tuple(map(Markup, lines)), max(0, len(shown) - MAX_LINES))


@lru_cache(maxsize=1024)
def highlight_python(source: str) -> Markup:
    """Python as HTML: as many lines as it has, every tag closed on its own line."""
    text = visible(source)
    if len(text) > MAX_COLOURED or _slow.search(text):
        return escape(text)
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    html = highlight(f"{text}\n", lexer, _formatter)  # which ends every line, the last one too
    return Markup(html.removesuffix("\n"))
