"""A report on a terminal: a table of suites, what to fix first, and suites without points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.output import terminal
from service.cli.output.to_fix import list_to_fix, name_others, show_case
from service.cli.output.unmarked import show_unmarked
from service.feedback import summary
from service.feedback.ledger import Loss, find_losses
from service.feedback.summary import SuiteCase
from service.feedback.to_fix import find_to_fix
from service.feedback.visible_text import visible
from service.feedback.wording import MARKING, NOT_TESTED, lost, points_of
from service.submissions.runnable import Loader
from worker.report.model import Problem, Report, SuiteSummary

SHOWN_IN_FULL = 6  # failing graphs; more of them would hide the first, which is the one to fix
LISTED = 20  # failing graphs in a line each


def show_report(
    report: Report,
    filename: str,
    source: str,
    *,
    service: str = "",
    console: Console | None = None,
) -> None:
    """Print a report on a file for a person. `service` is the service's address, where known."""
    with terminal.printing(console) as to:
        _show(report, Loader.of(filename, source), service, to)


def _show(report: Report, loader: Loader, service: str, console: Console) -> None:
    filename = loader.filename
    if report.problem is not None:
        console.print(_problem(report.problem, filename))
    else:
        if report.interface is not None:
            parts = summary.describe_interface(report.interface)
            for warning in summary.list_warnings(report):
                console.print(Text(visible(warning), style="bold"))
            console.print(Text.assemble(("Found: ", "dim"), visible(parts)))
            for note in summary.list_notes(report):
                console.print(terminal.indented(Text(visible(note), style="dim"), 7))
        _show_marked(report, loader, service, console)
        show_unmarked(report.suites, console)
    for stream, text in (("stdout", report.stdout), ("stderr", report.stderr)):
        if text.strip():
            console.print(Text(f"\n{filename} wrote to {stream}:", style="bold"))
            console.print(terminal.indented(Text(visible(text.rstrip())), 2))
    console.print(_total(report))


def _problem(problem: Problem, filename: str) -> RenderableType:
    place = filename if problem.line is None else f"{filename}, line {problem.line}"
    lines = [Text(place, style="bold")]
    if problem.source_line is not None:
        code = visible(problem.source_line.rstrip("\n"))
        lines.append(Text(f"    {code}"))
        if problem.column is not None:
            lines.append(Text(" " * (3 + problem.column) + "^", style="red bold"))
    lines.append(Text(visible(problem.message), style="red"))
    return Group(*lines)


def _show_marked(report: Report, loader: Loader, service: str, console: Console) -> None:
    marked = [suite for suite in report.suites if suite.gives_points]
    if marked:
        console.print()
        console.print(terminal.indented(_suites(marked), 2))
    if any(map(summary.count_untested, marked)):
        console.print(Text(f"\n{NOT_TESTED}", style="dim"))
    fix = find_to_fix(report)
    for part in list_to_fix(fix, summary.list_warnings(report), loader, service):
        terminal.show(console, part)
    rules = {found.address for rule in (*fix.wrong, *fix.missing) for found in rule.cases}
    others = [found for found in summary.find_failing(marked) if found.address not in rules]
    _show_failures(_group(others), max(1, SHOWN_IN_FULL - len(fix.wrong)), console)
    first = next(iter([*(rule.cases[0] for rule in fix.wrong), *others]), None)
    if first is not None:
        options = f"--explain {first.address} --seed {report.provenance.seed}"
        console.print(Text(f"\nTo see everything about a test, add {options}", style="dim"))
    losses = find_losses(report)
    if losses:
        console.print(_losses(losses))


def _losses(losses: Sequence[Loss]) -> RenderableType:
    """What the lost points were lost for, and their sum."""
    table = terminal.plain_table("cause", "tests", "points")
    table.pad_edge = False
    for loss in losses:
        cause = Text(loss.cause)
        if loss.detailed:
            parts = ", ".join(
                f"{part.suite}\N{NO-BREAK SPACE}{lost(part.points)}" for part in loss.parts
            )
            cause.append(f"\n{parts}", style="dim")
        table.add_row(cause, str(loss.tests), lost(loss.points))
    number, points = sum(loss.tests for loss in losses), sum(loss.points for loss in losses)
    table.add_row(Text("together", style="bold"), str(number), Text(lost(points), style="bold"))
    heading = Text("\nPoints lost", style="bold underline")
    return Group(heading, Text(MARKING, style="dim"), terminal.indented(table, 2))


def _suites(suites: Sequence[SuiteSummary]) -> Table:
    some = any(map(summary.count_untested, suites))
    table = terminal.plain_table("suite", "passed", *(["untested"] if some else []), "points")
    table.pad_edge = False  # or the longest title would not fit into eighty columns
    for suite in suites:
        passed, tested = summary.count_suite(suite)
        rest = summary.count_untested(suite)
        counts = Text(f"{passed} of {tested}", style=terminal.colour(passed == tested))
        table.add_row(
            suite.title,
            counts if tested else Text("–", style="dim"),
            *([str(rest or "")] if some else []),
            points_of(suite.score, suite.max_score),
        )
    return table


def _show_failures(groups: Sequence[Sequence[SuiteCase]], in_full: int, console: Console) -> None:
    for group in groups[:in_full]:
        also = name_others(group[1:])
        console.print(Group(Text(""), *show_case(group[0]), *([also] if also else [])))
    rest = groups[in_full:]
    if rest:
        console.print(Text("\nThese fail too:", style="bold"))
    for group in rest[:LISTED]:
        console.print(_line(group))
    if len(rest) > LISTED:
        console.print(f"... and {len(rest) - LISTED} more graphs that fail; --json has them all.")


def _group(failing: Iterable[SuiteCase]) -> list[list[SuiteCase]]:
    """Cases that are one graph at several points, together."""
    groups: dict[str, list[SuiteCase]] = {}
    for found in failing:
        groups.setdefault(found.graph, []).append(found)
    return list(groups.values())


def _line(group: Sequence[SuiteCase]) -> Text:
    first = group[0]
    points = f" ({len(group)} points)" if len(group) > 1 else ""
    return Text.assemble(
        "  ", terminal.verdict(first.case.verdict, "red"), f"  {first.address}{points}"
    )


def _total(report: Report) -> Text:
    if report.max_score > 0:
        return Text(f"\n{points_of(report.score, report.max_score)} points", style="bold")
    passed, tested = summary.count_report(report)
    return Text(f"\n{passed} of {tested} tests passed; they give no points", style="bold")
