"""Cases of a report as pages show them, in a list or one by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.feedback.summary import Found, Json
from service.submissions.models import Submission
from service.web.view.badges import VERDICTS, Look
from worker.report.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with its badge.

    `inline` when its details stand in the list, where the others are a link to a page of their own;
    `open` when they are unfolded at first.
    """

    id: str
    suite: str
    title: str
    look: Look
    inline: bool
    open: bool
    message: str
    program: str
    checks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """One case of a report by itself, and those before and after it in its suite."""

    case: Case
    suite_title: str
    before: Case | None
    after: Case | None


def prepare_case(found: Found, *, inline: bool = False, opened: bool = False) -> Case:
    """A case of a report's JSON, ready for a template."""
    case = found.case
    return Case(
        id=case["id"],
        suite=found.suite,
        title=case["title"],
        look=VERDICTS[Verdict(case["verdict"])],
        inline=inline,
        open=opened,
        message=case["message"],
        program=case["program"],
        checks=case["checks"],
    )


def prepare_links(suite: str, cases: Iterable[Json]) -> tuple[Case, ...]:
    """Cases of a suite, each to be a link."""
    return tuple(prepare_case(Found(suite, case)) for case in cases)


def show_case(report: Json, suite_name: str, case_id: str) -> ShownCase | None:
    """Prepare one case of a report's JSON; None where there is no such case."""
    for suite in report["suites"]:
        cases = prepare_links(suite_name, suite["cases"]) if suite["name"] == suite_name else ()
        for place, case in enumerate(cases):
            if case.id == case_id:
                return ShownCase(
                    case=case,
                    suite_title=suite["title"],
                    before=cases[place - 1] if place else None,
                    after=cases[place + 1] if place + 1 < len(cases) else None,
                )
    return None


def spell_command(submission: Submission, case: Case) -> str:
    """How the case is looked at on the command line, under the assignment's names."""
    names = submission.assignment.names
    options = [f"--names {names.to_text()}"] if names else []
    options += [f"--seed {submission.counting.seed}", f"--explain {case.suite}/{case.id}"]
    return " ".join(["chainrule check FILE", *options])
