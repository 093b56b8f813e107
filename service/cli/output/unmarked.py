"""Results without points, on a terminal: conventions, and how cost grows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.output import terminal
from service.feedback import summary
from service.feedback.summary import Growth, SuiteCase
from service.feedback.visible_text import visible
from service.feedback.wording import FOR_INFORMATION
from worker.report.model import CaseSummary, SuiteSummary, Verdict


def show_unmarked(suites: Sequence[SuiteSummary], console: Console) -> None:
    """Print the suites that give no points, and the conventions in the others."""
    unmarked = [
        suite for suite in suites if summary.find_conventions(suite) or not suite.gives_points
    ]
    if unmarked:
        console.print(Text(f"\n{FOR_INFORMATION}", style="bold underline"))
    for suite in unmarked:
        console.print()
        console.print(terminal.indented(_suite(suite), 2))


def _suite(suite: SuiteSummary) -> RenderableType:
    passed, tested = summary.count_suite(suite)
    conventions = summary.find_conventions(suite)
    parts: list[RenderableType] = [Text(suite.title, style="bold")]
    if conventions:
        parts.append(terminal.indented(_conventions(conventions), 2))
    if suite.gives_points:
        return Group(*parts)
    growing = summary.find_growth(suite)
    parts += [_growth(growth) for growth in growing]
    shown = {growth.graph for growth in growing}
    parts += [
        _failure(found) for found in summary.find_failing([suite]) if found.case.graph not in shown
    ]
    blocked = sum(bool(case.blocked_by) for case in suite.cases)
    if blocked:
        fail = "1 test fails" if blocked == 1 else f"{blocked} tests fail"
        text = f"  {fail} because of the mistakes above."
        parts.append(Text(text, style="dim"))
    if passed > len(conventions):
        parts.append(Text(f"  {passed} of {tested} tests passed.", style="dim"))
    return Group(*parts)


def _conventions(cases: Sequence[CaseSummary]) -> Table:
    """The question on the left, and this engine's answer on the right."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(max_width=26)
    table.add_column()
    for case in cases:
        table.add_row(Text(case.title, style="dim"), Text(visible(case.message)))
    return table


def _failure(found: SuiteCase) -> RenderableType:
    case = found.case
    heading = Text.assemble(terminal.verdict(case.verdict, "yellow"), f"  {found.address}")
    message = Text(f"{case.title}: {visible(case.message)}")
    return terminal.indented(Group(heading, terminal.indented(message, 2)), 2)


def _growth(growth: Growth) -> RenderableType:
    counts = growth.counts_calls
    heads = ("calls", "", "per node") if counts else ("CPU ms", "")
    table = terminal.plain_table("", *heads, "peak MB", "")
    calls = max(1, *(point.calls or 0 for point in growth.points))
    slowest = max(summary.NOISE_MS, *(point.milliseconds or 0 for point in growth.points))
    largest = max(point.megabytes or 0 for point in growth.points)
    for point in growth.points:
        table.add_row(
            Text(point.label),
            *(
                (*_measured(point.calls, calls, ",d"), _number(point.calls_per_node))
                if counts
                else _measured(point.milliseconds, slowest)
            ),
            *_measured(point.megabytes, largest),
            Text("")
            if point.verdict is Verdict.PASSED
            else Text.assemble(terminal.verdict(point.verdict, "yellow")),
        )
    return terminal.indented(Group(Text(growth.title), table), 2)


def _measured(value: float | None, most: float, form: str = ".1f") -> tuple[str, Text]:
    bar = "" if value is None else terminal.bar(value / most if most else 0, 10)
    return _number(value, form), Text(bar, style="cyan")


def _number(value: float | None, form: str = ".1f") -> str:
    return "" if value is None else format(value, form)
