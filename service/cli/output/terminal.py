"""Verdicts, programs and tables on a terminal, whether it is dark or light."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from service.feedback.visible_text import visible
from service.feedback.wording import VERDICTS, number, short, tolerance
from worker.report.model import Check, Verdict

KEYWORDS = r"\b(?:for|in|range|assert|Value)\b"
NUMBERS = r"(?<![\w.])\d[\w.]*"
MOST_ROWS = 10  # of correct checks; wrong ones are always shown


@contextlib.contextmanager
def printing(console: Console | None = None) -> Iterator[Console]:
    """The console to print to. Files and pipes get all text at the end, without trailing spaces."""
    console = console or Console(highlight=False)
    if console.is_terminal:
        yield console
        return
    with console.capture() as captured:
        yield console
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def colour(good: bool) -> str:
    """Green or red."""
    return "green" if good else "red"


def verdict(value: Verdict, style: str = "red bold") -> tuple[str, str]:
    """The verdict in words, and its style."""
    return VERDICTS[value].label, style


def program(text: str) -> Padding:
    """An indented program, in colours that are readable on a dark or light background."""
    return indented(_highlight(text), 4)


def program_to_copy(text: str) -> Text:
    """A program that can be copied and run: `show` neither indents nor breaks its lines."""
    shown = _highlight(text)
    shown.no_wrap = True
    return shown


def _highlight(text: str) -> Text:
    shown = Text(visible(text.rstrip("\n")))
    shown.highlight_regex(KEYWORDS, "bold")
    shown.highlight_regex(NUMBERS, "cyan")
    return shown


def show(console: Console, part: RenderableType) -> None:
    """Print a part of a report. Only the terminal itself breaks lines of a program to copy."""
    console.print(part, soft_wrap=isinstance(part, Text) and part.no_wrap is True)


def indented(content: RenderableType, by: int) -> Padding:
    """The content, indented by some columns and no wider than it needs."""
    return Padding(content, (0, 0, 0, by), expand=False)


def plain_table(*headings: str) -> Table:
    """A table without lines. Its first column is text, the others are numbers."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_header=any(headings))
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if heading and index else "left")
    return table


def checks(found: Sequence[Check], *, errors: bool = False) -> Table:
    """The checks of a case. If there are very many, some correct ones are left out."""
    table = plain_table("", "expected", "actual", *(["error"] if errors else []), "tolerance", "")
    shown = 0
    for check in found:
        shown += check.passed
        if check.passed and shown > MOST_ROWS and not errors:
            continue
        table.add_row(
            f"{check.node}.{check.quantity}",
            number(check.expected),
            number(check.actual),
            *([short(check.error)] if errors else []),
            tolerance(check.tolerance),
            Text("ok" if check.passed else "wrong", style=colour(check.passed)),
        )
    if shown > MOST_ROWS and not errors:
        table.add_row(f"and {shown - MOST_ROWS} more", "", "", "", Text("ok", style=colour(True)))
    return table


def bar(share: float, width: int = 16) -> str:
    """A share from 0 to 1 as blocks."""
    eighths = round(share * width * 8)
    whole, rest = divmod(max(eighths, 1), 8)
    return "█" * whole + (" ▏▎▍▌▋▊▉"[rest] if rest else "")
