"""A submission's answer on a terminal where its feedback level hides a part of the report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from service.cli.output import terminal
from service.feedback.levels import Level, Sight
from service.feedback.visible_text import visible
from service.feedback.wording import describe_sight, points_of
from worker.report.model import Verdict

LISTED = 40  # failing tests in a line each
HIDDEN = 3  # the exit code where nothing says whether every test passed

Json = Mapping[str, Any]


def show_limited(answer: Json, filename: str, console: Console | None = None) -> None:
    """Print what an answer has: a problem, a score, or tests with their results."""
    report = answer["report"] or {}
    with terminal.printing(console) as to:
        if problem := report.get("problem"):
            line = "" if problem["line"] is None else f", line {problem['line']}"
            to.print(Text(f"{visible(filename)}{line}", style="bold"))
            to.print(Text(visible(problem["message"]), style="red"))
        elif report.get("suites"):
            to.print(terminal.indented(_list_suites(report), 2))
            failing = list(_list_failing(report))
            for text in failing[:LISTED]:
                to.print(text)
            if failing[LISTED:]:
                to.print(f"... and {len(failing) - LISTED} more tests that fail; see the page.")
        to.print(Text(f"\n{describe_sight(_read_sight(answer))}", style="dim"))
        if answer["score"] is not None:
            points = points_of(answer["score"], answer["max_score"])
            to.print(Text(f"{points} points", style="bold"))


def exit_code(answer: Json) -> int:
    """2 for a file that couldn't be graded, 3 where tests aren't shown, else 0 if all passed."""
    report = answer["report"] or {}
    if report.get("problem"):
        return 2
    if not report.get("suites"):
        return HIDDEN
    marked = [suite for suite in report["suites"] if suite["max_score"]] or report["suites"]
    return int(any(not _passed(case) for suite in marked for case in suite["cases"]))


def _read_sight(answer: Json) -> Sight:
    until = answer["hidden_until"]
    return Sight(
        level=Level(answer["feedback"]),
        points=answer["score"] is not None,
        until=None if until is None else datetime.fromisoformat(until),
    )


def _list_suites(report: Json) -> RenderableType:
    table = terminal.plain_table("suite", "passed")
    table.pad_edge = False
    for suite in report["suites"]:
        passed = sum(map(_passed, suite["cases"]))
        table.add_row(visible(suite["title"]), f"{passed} of {len(suite['cases'])}")
    return table


def _list_failing(report: Json) -> list[Text]:
    return [
        Text.assemble(
            "  ",
            terminal.verdict(Verdict(case["verdict"]), "red"),
            f"  {suite['name']}/{case['id']}  ",
            visible(case["title"]),
        )
        for suite in report["suites"]
        for case in suite["cases"]
        if not _passed(case)
    ]


def _passed(case: Json) -> bool:
    return bool(case["verdict"] == Verdict.PASSED)
