"""`chainrule check --explain CASE`: everything about a case."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.text import Text

from service.cli.errors import CommandError
from service.cli.output import terminal
from service.feedback.summary import explain_case, find_look, is_convention
from service.feedback.visible_text import visible
from service.submissions.runnable import Loader
from worker.report.model import CaseReport, Report
from worker.suites.cases import Case, Suite
from worker.suites.catalogue import names
from worker.suites.rules import RULES_IN_ORDER, spell_rule

CLOSE = 5  # names to suggest where there is no such case


def find_cases(suites: Sequence[Suite], wanted: str) -> list[tuple[Suite, Case]]:
    """The case, or all points of a graph. Raises CommandError if it is unknown or ambiguous."""
    suite_name, _, case_id = wanted.rpartition("/")
    found = [
        (suite, case)
        for suite in suites
        for case in suite.cases
        if suite_name in {"", suite.name} and case_id in {case.id, case.graph_id}
    ]
    homes = {suite.name: None for suite, _ in found}
    if len(homes) > 1:
        addresses = " or ".join(f"{name}/{case_id}" for name in homes)
        raise CommandError(f"{wanted!r} is in more than one suite. Say {addresses}.")
    if not found and suite_name in set(names()) - {suite.name for suite in suites}:
        raise CommandError(
            f"{wanted} is in a suite that --suite leaves out: add --suite {suite_name}."
        )
    if not found:
        raise CommandError(f"There is no test {wanted!r}.{_suggest(suites, wanted)}")
    return found


def explain(
    report: Report,
    suites: Sequence[Suite],
    wanted: str,
    loader: Loader,
    console: Console | None = None,
) -> bool:
    """Print everything about the wanted cases. True if all of them passed."""
    reports = {(suite.name, case.id): case for suite in report.suites for case in suite.cases}
    cases = find_cases(suites, wanted)
    with terminal.printing(console) as to:
        for place, (suite, case) in enumerate(cases):
            if place:
                to.print()
            found = reports[suite.name, case.id]
            for part in _explain(f"{suite.name}/{case.id}", found, case, loader):
                terminal.show(to, part)
    return all(reports[suite.name, case.id].passed for suite, case in cases)


def _explain(address: str, report: CaseReport, case: Case, loader: Loader) -> list[RenderableType]:
    style = "bold" if is_convention(report) else f"{terminal.colour(report.passed)} bold"
    parts: list[RenderableType] = [
        Text.assemble((find_look(report).label, style), f"  {address}"),
        Text(report.title, style="bold"),
    ]
    if message := explain_case(report):
        parts.append(Text(visible(message)))
    parts.append(terminal.program_to_copy(loader.make_runnable(report.program)))
    if report.checks:
        parts.append(terminal.indented(terminal.checks(report.checks, errors=True), 2))
    if report.cost is not None:
        cpu, memory = report.cost.cpu_seconds * 1000, report.cost.memory_bytes / 2**20
        calls = "" if report.cost.calls is None else f"{report.cost.calls:,} calls, "
        parts.append(Text(f"It took {calls}{cpu:.1f} ms of CPU, {memory:.1f} MB at its peak."))
    if case.establishes:
        parts.append(Text(f"It tests: {spell_rule(case.establishes)}."))
    if case.needs:
        needs = sorted(case.needs, key=RULES_IN_ORDER.index)
        parts.append(Text(f"It depends on: {', '.join(map(spell_rule, needs))}."))
    if report.blocked_by:
        parts.append(Text("Fix what it depends on first."))
    return parts


def _suggest(suites: Sequence[Suite], wanted: str) -> str:
    """A sentence with the names that are most like the one that was typed."""
    known: dict[str, str] = {}
    for suite in suites:
        for case in suite.cases:
            for name in (case.id, case.graph_id):
                known.setdefault(name, f"{suite.name}/{name}")
                known[f"{suite.name}/{name}"] = f"{suite.name}/{name}"
    close = difflib.get_close_matches(wanted, known, n=CLOSE, cutoff=0.6)
    addresses = list(dict.fromkeys(known[name] for name in close))
    return f" Did you mean {' or '.join(addresses)}?" if addresses else " See: chainrule suites."
