"""Python source as highlighted HTML. Pygments escapes its input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO

from markupsafe import Markup
from pygments.formatters import HtmlFormatter
from pygments.lexer import ExtendedRegexLexer, LexerContext
from pygments.lexers import PythonLexer
from pygments.token import Text, _TokenType

from service.feedback.visible_text import visible
from service.submissions.notebooks import read_cells
from service.submissions.uploads import without_mark

MAX_LINES = 5_000  # shown; the rest is in the download
MAX_CELLS = 500  # of a notebook that are shown

# What is coloured of a source. The rest of a crafted one is shown plain, so it costs little time.
MAX_COLOURED = 50_000  # characters
MAX_TOKENS = 20_000
MAX_LINE = 500  # characters; some patterns of the lexer take quadratic time on a long line


class _LineLexer(ExtendedRegexLexer, PythonLexer):  # type: ignore[misc] # its stub is Any
    """Python's lexer, with a state that lasts from line to line."""


_lexer = _LineLexer()
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
    colours = _Highlighter()
    if not cells:
        lines, hidden = _list_lines(source, MAX_LINES, colours)
        return Listing((Part("", "L", lines),), hidden)
    parts, hidden, left = [], 0, MAX_LINES
    for number, cell in enumerate(cells, 1):
        room = left if number <= MAX_CELLS else 0
        lines, more = _list_lines(cell, room, colours)
        hidden += more
        left -= len(lines)
        if lines:
            parts.append(Part(f"Code cell {number}", f"C{number}L", lines))
    return Listing(tuple(parts), hidden)


def _list_lines(source: str, most: int, colours: _Highlighter) -> tuple[tuple[Markup, ...], int]:
    """At most `most` lines, and how many are left out."""
    shown = visible(source).removesuffix("\n").split("\n")
    if most <= 0:
        return (), len(shown)
    lines = colours.colour("\n".join(shown[:most])).split("\n")
    return tuple(map(Markup, lines)), max(0, len(shown) - most)


@lru_cache(maxsize=1024)
def highlight_python(source: str) -> Markup:
    """A case's program as HTML with the same lines; every tag is closed on its own line.

    Many submissions show the same programs, and programs are small, so they are cached.
    """
    return _Highlighter().colour(visible(source))


class _Highlighter:
    """Colours the parts of one source, until all that may be coloured of it is used up."""

    def __init__(self) -> None:
        self._tokens, self._characters = MAX_TOKENS, MAX_COLOURED

    def colour(self, text: str) -> Markup:
        """The text as HTML with the same lines."""
        html = StringIO()
        _formatter.format(self._list_tokens(f"{text}\n"), html)
        return Markup(html.getvalue().removesuffix("\n"))

    def _list_tokens(self, text: str) -> Iterator[tuple[_TokenType, str]]:
        """The tokens of a text, each within a line. A line that isn't coloured is one token."""
        context = LexerContext(text, 0)
        for line in text.splitlines(keepends=True):
            context.end = context.pos + len(line)
            if len(line) > self._characters:
                self._tokens = 0
            if len(line) > MAX_LINE or self._tokens <= 0:
                yield Text, line
            else:
                for _, kind, token in _lexer.get_tokens_unprocessed(context=context):
                    self._tokens -= 1
                    yield kind, token
                self._characters -= len(line)
            context.pos = context.end
