"""A report on a terminal: a table by suite, what to mend first, and what is told unmarked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.output import terminal
from service.cli.output.unmarked import show_told
from service.feedback import summary
from service.feedback.summary import BrokenRule, Found
from service.feedback.visible_text import visible

SHOWN_IN_FULL = 6  # failing graphs; more of them drown the first, which is the one to mend
LISTED = 20  # failing graphs told in a line
NAMED = 8  # other cases of a graph or rule told by their addresses


def show_report(report: dict[str, Any], filename: str, console: Console | None = None) -> None:
    """Print a report (the JSON of the contract) for a person."""
    with terminal.printing(console) as to:
        _show(report, filename, to)


def _show(report: dict[str, Any], filename: str, console: Console) -> None:
    if report["problem"] is not None:
        console.print(_problem(report["problem"], filename))
    else:
        if report.get("interface"):
            console.print(_interface(report["interface"]))
        _show_marked(report, console)
        show_told(report["suites"], console)
    for stream in ("stdout", "stderr"):
        if report[stream].strip():
            console.print(Text(f"\n{filename} wrote to {stream}:", style="bold"))
            console.print(terminal.indented(Text(visible(report[stream].rstrip())), 2))
    console.print(_total(report))


def _problem(problem: dict[str, Any], filename: str) -> RenderableType:
    place = filename if problem["line"] is None else f"{filename}, line {problem['line']}"
    lines = [Text(place, style="bold")]
    if problem["source_line"] is not None:
        code = visible(problem["source_line"].rstrip("\n"))
        lines.append(Text(f"    {code}"))
        if problem["column"] is not None:
            lines.append(Text(" " * (3 + problem["column"]) + "^", style="red bold"))
    lines.append(Text(visible(problem["message"]), style="red"))
    return Group(*lines)


def _interface(interface: dict[str, Any]) -> RenderableType:
    found = Text.assemble(("Found: ", "dim"), visible(summary.tell_interface(interface)))
    notes = [terminal.indented(Text(visible(note), style="dim"), 7) for note in interface["notes"]]
    return Group(found, *notes)


def _show_marked(report: dict[str, Any], console: Console) -> None:
    marked = [suite for suite in report["suites"] if summary.is_marked(suite)]
    if marked:
        console.print()
        console.print(terminal.indented(_suites(marked), 2))
    if any(map(summary.count_not_judged, marked)):
        console.print(Text(f"\n{summary.NOT_JUDGED}", style="dim"))
    broken = summary.find_broken_rules(report)
    rules = {found.address for rule in broken for found in rule.cases}
    others = [found for found in summary.find_failing(marked) if found.address not in rules]
    wrong = [rule for rule in broken if not rule.missing]
    for rule in wrong:
        console.print(_rule(rule))
    _show_failures(_group(others), max(1, SHOWN_IN_FULL - len(wrong)), console)
    missing = [rule for rule in broken if rule.missing]
    if missing:
        console.print(_missing(missing))
    first = next(iter([*(rule.cases[0] for rule in wrong), *others]), None)
    if first is not None:
        seed = report["provenance"]["seed"]
        options = f"--explain {first.address} --seed {seed}"
        console.print(Text(f"\nTo see all of a case, add {options}", style="dim"))


def _suites(suites: list[dict[str, Any]]) -> Table:
    some = any(map(summary.count_not_judged, suites))
    table = terminal.plain_table("suite", "passed", *(["untested"] if some else []), "points")
    table.pad_edge = False  # or the longest title would not fit into eighty columns
    for suite in suites:
        passed, counted = summary.count(suite)
        rest = summary.count_not_judged(suite)
        told = Text(f"{passed} of {counted}", style=terminal.colour(passed == counted))
        table.add_row(
            suite["title"],
            told if counted else Text("–", style="dim"),
            *([str(rest or "")] if some else []),
            terminal.points(suite),
        )
    return table


def _rule(rule: BrokenRule) -> RenderableType:
    parts = [Text(f"\n{rule.heading}", style="bold red"), *_case(rule.cases[0])]
    also = _also(rule.cases[1:])
    if also:
        parts.append(also)
    if rule.blocked:
        parts.append(_blocked(rule.blocked, rule.because))
    return Group(*parts)


def _missing(rules: Sequence[BrokenRule]) -> RenderableType:
    """What the engine does without, each in a line."""
    table = terminal.plain_table("", "")
    for rule in rules:
        message = rule.cases[0].case["message"]
        table.add_row(rule.because, Text(visible(message), style="dim"))
    heading = Text("\nNot supported", style="bold red")
    blocked = sum(rule.blocked for rule in rules)
    rest = [_blocked(blocked, "these")] if blocked else []
    return Group(heading, terminal.indented(table, 2), *rest)


def _blocked(number: int, because: str) -> Text:
    more = "1 more fails" if number == 1 else f"{number} more fail"
    return Text(f"{more} because of {because}.")


def _show_failures(groups: Sequence[Sequence[Found]], in_full: int, console: Console) -> None:
    for group in groups[:in_full]:
        also = _also(group[1:])
        console.print(Group(Text(""), *_case(group[0]), *([also] if also else [])))
    rest = groups[in_full:]
    if rest:
        console.print(Text("\nThese fail too:", style="bold"))
    for group in rest[:LISTED]:
        console.print(_line(group))
    if len(rest) > LISTED:
        console.print(f"... and {len(rest) - LISTED} more graphs that fail; --json has them all.")


def _group(failing: Iterable[Found]) -> list[list[Found]]:
    """Cases that are one graph at several points, together."""
    groups: dict[str, list[Found]] = {}
    for found in failing:
        groups.setdefault(found.graph, []).append(found)
    return list(groups.values())


def _case(found: Found) -> list[RenderableType]:
    case = found.case
    parts: list[RenderableType] = [
        Text.assemble((terminal.verdict_of(case), "red bold"), f"  {found.address}"),
        Text(case["title"], style="bold"),
        Text(visible(case["message"])),
        terminal.program(case["program"]),
    ]
    if case["checks"]:
        parts.append(terminal.indented(terminal.checks(case["checks"]), 2))
    return parts


def _also(cases: Sequence[Found]) -> Text | None:
    if not cases:
        return None
    named = ", ".join(found.address for found in cases[:NAMED])
    more = f" and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
    return Text(f"The same in {named}{more}.")


def _line(group: Sequence[Found]) -> Text:
    first = group[0]
    points = f" ({len(group)} points)" if len(group) > 1 else ""
    return Text.assemble(
        "  ", (terminal.verdict_of(first.case), "red"), f"  {first.address}{points}"
    )


def _total(report: dict[str, Any]) -> Text:
    if report["max_score"] > 0:
        return Text(f"\n{terminal.points(report)} points", style="bold")
    passed, counted = summary.count_marked(report)
    return Text(f"\n{passed} of {counted} cases passed; they give no points", style="bold")
