"""Passages of a Jinja template: what a browser shows, or reads out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment

from tools.prose.passages import PLACEHOLDER, Kind, Passage

INLINE = {
    "a",
    "abbr",
    "b",
    "code",
    "em",
    "i",
    "kbd",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
}
CODE = {"code", "pre", "kbd", "script", "style"}
READ_OUT = {"alt", "aria-label", "placeholder", "title"}
VOID = {"br", "hr", "img", "input", "link", "meta", "rect", "use", "path", "circle", "polyline"}
BREAK = "<br>"  # between the branches of an `if`, only one of which is shown
BRANCHES = re.compile(r"(?:else|elif|for|endfor|macro|endmacro|block|endblock)\b")


def read_template(source: str) -> Iterator[Passage]:
    """Visible text, attributes that are read out, and strings that Jinja puts in."""
    html, strings = _resolve(source)
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_passage()
    yield from reader.passages
    yield from strings


def _resolve(source: str) -> tuple[str, list[Passage]]:
    """The HTML with a placeholder for each value, on the same lines, and the strings in tags."""
    html: list[str] = []
    strings: list[Passage] = []
    inside = ""
    for line, kind, value in Environment().lex(source):
        if kind == "data":
            html.append(value)
            continue
        if kind in {"variable_begin", "block_begin"}:
            inside = kind
            html.append(PLACEHOLDER if kind == "variable_begin" else "")
        elif kind == "name" and inside == "block_begin":
            html.append(BREAK if BRANCHES.match(value) else "")
            inside = "block"
        elif kind == "string" and " " in value.strip():
            text = str(ast.literal_eval(value))
            strings.append(Passage(line=line, text=text, kind=Kind.FRAGMENT))
        html.append("\n" * value.count("\n"))
    # A tag cannot hold the break of a branch inside it.
    return re.sub(r"<[a-z][^<>]*(?:<br>[^<>]*)+>", _without_breaks, "".join(html)), strings


def _without_breaks(tag: re.Match[str]) -> str:
    return tag.group().replace(BREAK, " ")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self._text = ""
        self._line = 1
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.end_passage()
        for name, value in attrs:
            if name in READ_OUT and value:
                line = self.getpos()[0]
                self.passages.append(Passage(line=line, text=value, kind=Kind.FRAGMENT))
        if tag in CODE:
            self._code += 1
            self._add(PLACEHOLDER)

    def handle_endtag(self, tag: str) -> None:
        if tag in CODE:
            self._code = max(0, self._code - 1)
        if tag not in INLINE:
            self.end_passage()

    def handle_data(self, data: str) -> None:
        self._add("\n" * data.count("\n") if self._code else data)

    def end_passage(self) -> None:
        if self._text.strip():
            self.passages.append(Passage(line=self._line, text=self._text, kind=Kind.FRAGMENT))
        self._text = ""

    def _add(self, text: str) -> None:
        if not self._text:
            self._line = self.getpos()[0]
        self._text += text
