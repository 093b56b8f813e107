"""Passages of a suite: its title, what it is about, and the titles and answers of its cases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.prose.passages import Kind, Passage

READ = re.compile(r"# (?:title|about|answer: .+->)[: ] *(.+)")


def read_suite(source: str) -> Iterator[Passage]:
    """The lines that students read; programs are code."""
    for number, line in enumerate(source.splitlines(), start=1):
        if match := READ.fullmatch(line):
            yield Passage(line=number, text=match[1], kind=Kind.FRAGMENT)
