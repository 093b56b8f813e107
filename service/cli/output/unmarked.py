"""What gives no points, on a terminal: conventions, and how cost grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.output import terminal
from service.feedback import summary
from service.feedback.summary import Found, Growth, Json, Point
from service.feedback.visible_text import visible
from worker.report.model import Verdict


def show_told(suites: Sequence[dict[str, Any]], console: Console) -> None:
    """Print what costs no points: suites that give none, and what others tell of conventions."""
    told = [
        suite for suite in suites if summary.find_sentences(suite) or not summary.is_marked(suite)
    ]
    if told:
        console.print(Text(f"\n{summary.FOR_INFORMATION}", style="bold underline"))
    for suite in told:
        console.print()
        console.print(terminal.indented(_suite(suite), 2))


def _suite(suite: dict[str, Any]) -> RenderableType:
    passed, counted = summary.count(suite)
    sentences = summary.find_sentences(suite)
    parts: list[RenderableType] = [Text(suite["title"], style="bold")]
    if sentences:
        parts.append(terminal.indented(_sentences(sentences), 2))
    if summary.is_marked(suite):
        return Group(*parts)
    growing = summary.find_growth(suite)
    parts += [_growth(growth) for growth in growing]
    shown = {growth.case for growth in growing}
    parts += [
        _failure(found)
        for found in summary.find_failing([suite])
        if found.case["id"].partition("@")[0] not in shown
    ]
    blocked = sum(map(summary.is_blocked, suite["cases"]))
    if blocked:
        more = "1 more fails" if blocked == 1 else f"{blocked} more fail"
        parts.append(Text(f"  {more} because of what is wrong above.", style="dim"))
    if passed > len(sentences):
        parts.append(Text(f"  {passed} of {counted} cases passed.", style="dim"))
    return Group(*parts)


def _sentences(cases: Sequence[Json]) -> Table:
    """What is asked on the left, and on the right how this engine settles it."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(max_width=26)
    table.add_column()
    for case in cases:
        table.add_row(Text(case["title"], style="dim"), Text(visible(case["message"])))
    return table


def _failure(found: Found) -> RenderableType:
    case = found.case
    heading = Text.assemble((terminal.verdict_of(case), "yellow"), f"  {found.address}")
    told = Text(f"{case['title']}: {visible(case['message'])}")
    return terminal.indented(Group(heading, terminal.indented(told, 2)), 2)


def _growth(growth: Growth) -> RenderableType:
    table = terminal.plain_table("", "CPU ms", "", "peak MB", "")
    slowest = max(summary.NOISE_MS, *(point.milliseconds or 0 for point in growth.points))
    largest = max(point.megabytes or 0 for point in growth.points)
    for point in growth.points:
        table.add_row(
            Text(point.label),
            *_measured(point.milliseconds, slowest),
            *_measured(point.megabytes, largest),
            _ending(point),
        )
    return terminal.indented(Group(Text(growth.title), table), 2)


def _measured(value: float | None, most: float) -> tuple[str, Text]:
    if value is None:
        return "", Text("")
    return f"{value:.1f}", Text(terminal.bar(value / most if most else 0, 10), style="cyan")


def _ending(point: Point) -> Text:
    if point.verdict is Verdict.PASSED:
        return Text("")
    return Text(point.verdict.value.replace("_", " "), style="yellow")
