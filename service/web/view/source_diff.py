"""What changed in a source, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from service.feedback.visible_text import visible
from service.submissions.source_lines import list_lines

MOST_LINES = 1_000  # of a source that is compared; a crafted longer one would take seconds
AROUND = 3  # unchanged lines next to a change

SAME, ADDED, REMOVED, LEFT_OUT = "same", "added", "removed", "left out"


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its numbers before and now; None where it isn't in that source.

    A row of kind `LEFT_OUT` stands for unchanged lines.
    """

    kind: str
    before: int | None
    now: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The changed lines with a few around them. `too_long`: the sources weren't compared."""

    rows: tuple[Row, ...] = ()
    added: int = 0
    removed: int = 0
    too_long: bool = False


@lru_cache(maxsize=32)
def compare_sources(before: str, now: str) -> Diff:
    """What changed from one source to another. Notebooks are compared by their code cells."""
    old, new = list_lines(before), list_lines(now)
    if max(len(old), len(new)) > MOST_LINES:
        return Diff(too_long=True)
    rows = tuple(_list_rows(old, new))
    return Diff(
        rows=rows,
        added=sum(row.kind == ADDED for row in rows),
        removed=sum(row.kind == REMOVED for row in rows),
    )


def _list_rows(old: list[str], new: list[str]) -> Iterator[Row]:
    last = 0
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND):
        if group[0][1] > last:
            yield Row(LEFT_OUT, None, None, f"{group[0][1] - last} unchanged lines")
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                for before, now in zip(
                    range(old_start, old_end), range(new_start, new_end), strict=True
                ):
                    yield Row(SAME, before + 1, now + 1, visible(old[before]))
                continue
            for before in range(old_start, old_end):
                yield Row(REMOVED, before + 1, None, visible(old[before]))
            for now in range(new_start, new_end):
                yield Row(ADDED, None, now + 1, visible(new[now]))
        last = group[-1][2]
    if 0 < last < len(old):
        yield Row(LEFT_OUT, None, None, f"{len(old) - last} unchanged lines")
