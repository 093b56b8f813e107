"""A passage: text that a person reads in one go, with its place in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

PLACEHOLDER = "CODE"  # stands for code, a value or a path, and counts as one word

SENTENCE_END = re.compile(r"""(?<=[.!?])["')\]*_]*\s+(?=["'(\[*_]*[A-Z0-9`])""")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|cf|[A-Z]))\.$")


class Kind(Enum):
    """How a passage is measured."""

    PROSE = "prose"  # sentences: each has a limit, and all of a document a median
    FRAGMENT = "fragment"  # a heading, a cell, a message: each sentence has a limit
    REMARK = "remark"  # a docstring or comment: words only


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Text as it is read. Its newlines are those of the file, so that `line` can be counted on."""

    line: int
    text: str
    kind: Kind

    def line_at(self, offset: int) -> int:
        """The line in the file of a position in the text."""
        return self.line + self.text.count("\n", 0, offset)

    def sentences(self) -> list[tuple[int, str]]:
        """Each sentence with its line. Text without a full stop is one sentence."""
        return [
            (self.line_at(start), " ".join(self.text[start:end].split()))
            for start, end in self._spans()
            if self.text[start:end].strip()
        ]

    def sentence_at(self, offset: int) -> str:
        """The sentence at a position in the text."""
        start, end = next(span for span in self._spans() if offset < span[1])
        return " ".join(self.text[start:end].split())

    def _spans(self) -> list[tuple[int, int]]:
        spans, start = [], 0
        for end in SENTENCE_END.finditer(self.text):
            if not ABBREVIATION.search(self.text[start : end.start()]):
                spans.append((start, end.start()))
                start = end.end()
        return [*spans, (start, len(self.text))]


def count_words(sentence: str) -> int:
    """The words of a sentence; marks and dashes on their own are none.

    >>> count_words("x.grad is 1 - expected 2.")
    5
    """
    return sum(any(char.isalnum() for char in word) for word in sentence.split())
