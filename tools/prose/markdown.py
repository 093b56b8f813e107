"""Passages of a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.prose.passages import PLACEHOLDER, Kind, Passage

FRAGMENTS = {"heading_open", "th_open", "td_open"}


def read_markdown(source: str) -> Iterator[Passage]:
    """Paragraphs and list items as prose, headings and cells as fragments; code blocks are skipped.

    Of a link its text is read, of an image its description, and inline code is one word.
    """
    before = ""
    line = 0
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            kind = Kind.FRAGMENT if before in FRAGMENTS else Kind.PROSE
            yield Passage(line=line, text=_text(token.children or []), kind=kind)
        before = token.type


def _text(children: list[Token]) -> str:
    parts = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "code_inline":
            parts.append(PLACEHOLDER)
        elif child.type in {"text", "image"}:
            parts.append(child.content)
    return "".join(parts)
