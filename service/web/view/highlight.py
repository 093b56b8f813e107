"""Python source as highlighted HTML. Pygments escapes its input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from service.feedback.visible_text import visible
from service.submissions.notebooks import read_cells
from service.submissions.uploads import without_mark

MAX_LINES = 5_000  # shown; the rest is in the download
MAX_CELLS = 500  # of a notebook that are shown
MAX_COLOURED = 50_000  # characters; colouring more would take too long

# The lexer takes quadratic time on long lines and long runs of white space.
_slow = re.compile(r"[^\n]{2000}|\s{400}")

_formatter = HtmlFormatter(nowrap=True, classprefix="")


@dataclass(frozen=True, slots=True)
class Part:
    """A whole file, whose title is empty, or a cell of a notebook. Its lines count from 1.

    `anchor` begins the id of each line.
    """

    title: str
    anchor: str
    lines: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The parts of a source, and how many lines at its end aren't shown."""

    parts: tuple[Part, ...]
    hidden: int


@lru_cache(maxsize=32)
def list_source(source: str) -> Listing:
    """A source as HTML, line by line. A notebook has a part for each code cell."""
    source = without_mark(source)
    cells = read_cells(source)
    if not cells:
        lines, hidden = _list_lines(source, MAX_LINES)
        return Listing((Part("", "L", lines),), hidden)
    parts, hidden, left = [], 0, MAX_LINES
    coloured = sum(map(len, cells)) <= MAX_COLOURED
    for number, cell in enumerate(cells, 1):
        room = left if number <= MAX_CELLS else 0
        lines, more = _list_lines(cell, room, coloured=coloured)
        hidden += more
        left -= len(lines)
        if lines:
            parts.append(Part(f"Code cell {number}", f"C{number}L", lines))
    return Listing(tuple(parts), hidden)


def _list_lines(source: str, most: int, *, coloured: bool = True) -> tuple[tuple[Markup, ...], int]:
    """At most `most` lines, and how many are left out."""
    shown = visible(source).removesuffix("\n").split("\n")
    if most <= 0:
        return (), len(shown)
    text = "\n".join(shown[:most])
    lines = (_colour(text) if coloured else escape(text)).split("\n")
    return tuple(map(Markup, lines)), max(0, len(shown) - most)


@lru_cache(maxsize=1024)
def highlight_python(source: str) -> Markup:
    """A case's program as HTML with the same lines; every tag is closed on its own line.

    Many submissions show the same programs, and programs are small, so they are cached.
    """
    return _colour(visible(source))


def _colour(text: str) -> Markup:
    if len(text) > MAX_COLOURED or _slow.search(text):
        return escape(text)
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    html = highlight(f"{text}\n", lexer, _formatter)  # ends with a line break
    return Markup(html.removesuffix("\n"))
