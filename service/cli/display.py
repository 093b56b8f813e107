"""A report on a terminal: a table by suite, then every case that did not pass."""

from __future__ import annotations

from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

PASSED = "passed"
SHOWN_AT_MOST = 12  # failing cases; more of them drown the first, which is the one to mend


def show_report(report: dict[str, Any], filename: str, console: Console | None = None) -> None:
    """Print a report (the JSON of the contract) for a person."""
    console = console or Console(highlight=False)
    if report["problem"] is not None:
        console.print(_problem(report["problem"], filename))
    else:
        console.print(_suites(report["suites"]))
        _show_failures(report, console)
    for stream in ("stdout", "stderr"):
        if report[stream].strip():
            console.print(Text(f"\n{filename} wrote to {stream}:", style="bold"))
            console.print(Padding(Text(_visible(report[stream].rstrip())), (0, 0, 0, 2)))
    console.print(_total(report))


def _problem(problem: dict[str, Any], filename: str) -> RenderableType:
    place = filename if problem["line"] is None else f"{filename}, line {problem['line']}"
    lines = [Text(f"\n{place}", style="bold")]
    if problem["source_line"] is not None:
        code = _visible(problem["source_line"].rstrip("\n"))
        lines.append(Text(f"    {code}"))
        if problem["column"] is not None:
            lines.append(Text(" " * (3 + problem["column"]) + "^", style="red bold"))
    lines.append(Text(_visible(problem["message"]), style="red"))
    return Group(*lines)


def _suites(suites: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    table.add_column("suite")
    table.add_column("passed", justify="right")
    table.add_column("points", justify="right")
    for suite in suites:
        passed = sum(case["verdict"] == PASSED for case in suite["cases"])
        table.add_row(
            suite["title"],
            Text(
                f"{passed} of {len(suite['cases'])}", style=_colour(passed == len(suite["cases"]))
            ),
            _points(suite),
        )
    return table


def _show_failures(report: dict[str, Any], console: Console) -> None:
    failing = [
        (suite["name"], case)
        for suite in report["suites"]
        for case in suite["cases"]
        if case["verdict"] != PASSED
    ]
    for suite_name, case in failing[:SHOWN_AT_MOST]:
        console.print(_case(suite_name, case))
    if len(failing) > SHOWN_AT_MOST:
        more = len(failing) - SHOWN_AT_MOST
        console.print(f"\n... and {more} more cases that did not pass; --json has them all.")


def _case(suite_name: str, case: dict[str, Any]) -> RenderableType:
    from rich.syntax import Syntax  # takes a while, and only failures need it

    heading = Text.assemble(
        "\n",
        (case["verdict"].replace("_", " "), "red bold"),
        f"  {suite_name}/{case['id']}\n",
        (case["title"], "bold"),
    )
    program = Syntax(case["program"], "python", theme="ansi_dark", background_color="default")
    parts: list[RenderableType] = [
        heading,
        Text(_visible(case["message"])),
        Padding(program, (0, 4)),
    ]
    if case["checks"]:
        parts.append(_checks(case["checks"]))
    return Group(*parts)


def _checks(checks: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for heading in ("", "expected", "actual", "tolerance", ""):
        table.add_column(heading, justify="right" if heading else "left")
    for check in checks:
        table.add_row(
            f"{check['node']}.{check['quantity']}",
            _number(check["expected"]),
            _number(check["actual"]),
            f"{check['tolerance']:.1e}" if check["tolerance"] else "0",
            Text("ok" if check["passed"] else "wrong", style=_colour(check["passed"])),
        )
    return table


def _total(report: dict[str, Any]) -> Text:
    return Text(f"\n{_points(report)} points", style="bold")


def _points(scored: dict[str, Any]) -> str:
    return f"{round(scored['score'], 2):g} of {round(scored['max_score'], 2):g}"


def _number(value: float | str | None) -> str:
    """The shortest spelling that reads back the same; whole numbers without a fraction."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _visible(text: str) -> str:
    """Control characters as symbols: a student's text must not steer the reader's terminal."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else _symbol(character)
        for character in text
    )


def _symbol(character: str) -> str:
    return chr(0x2400 + ord(character)) if ord(character) < 0x20 else f"\\x{ord(character):02x}"


def _colour(good: bool) -> str:
    return "green" if good else "red"
