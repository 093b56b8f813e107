"""Which failing cases a report shows unfolded: a few of each kind, so that suites stay in view."""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from dataclasses import dataclass

from service.feedback.summary import SuiteCase, find_broken_rules, find_failing
from worker.report.model import CaseReport, CaseSummary, Report, SuiteSummary, Summary

OPEN_AT_FIRST = 3  # failing cases that are open; more would bury the suites after them


@dataclass(frozen=True, slots=True)
class Unfolded:
    """Addresses of failing cases: `inline` have their details in the list, `open` are open too."""

    inline: Set[str]
    open: Set[str]


def choose_unfolded(report: Summary) -> Unfolded:
    """The first case of each broken rule has its details in the list; the first few are open.

    The simplest case that each diagnosis explains has its details there, too.

    Where no rule is wrong, the first cases of the first graphs that fail are open. A case that
    establishes a missing rule stays closed: there is nothing to see in it.
    """
    if report.problem is not None:
        return Unfolded(frozenset(), frozenset())
    broken = find_broken_rules(report)
    first = [rule.cases[0] for rule in broken if not rule.missing]
    if not first:
        graphs: dict[str, SuiteCase] = {}
        for found in find_failing(suite for suite in report.suites if suite.gives_points):
            if not found.needs_missing_rule:
                graphs.setdefault(found.graph, found)
        first = list(graphs.values())
    opened = frozenset(found.address for found in first[:OPEN_AT_FIRST])
    explained = {found.evidence[0] for found in report.diagnoses if found.evidence}
    return Unfolded(opened | explained | {rule.cases[0].address for rule in broken}, opened)


def make_summary(report: Report) -> Summary:
    """The summary that pages show: everything, but details only for the unfolded cases."""
    inline = choose_unfolded(report).inline
    suites = tuple(
        SuiteSummary(
            name=suite.name,
            title=suite.title,
            score=suite.score,
            max_score=suite.max_score,
            cases=tuple(
                case if SuiteCase(suite.name, case).address in inline else _without_details(case)
                for case in suite.cases
            ),
        )
        for suite in report.suites
    )
    rest = {one.name: getattr(report, one.name) for one in dataclasses.fields(Summary)}
    return Summary(**rest | {"suites": suites})


def _without_details(case: CaseReport) -> CaseSummary:
    fields = dataclasses.fields(CaseSummary)
    return CaseSummary(**{field.name: getattr(case, field.name) for field in fields})
