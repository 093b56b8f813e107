"""A suite of a report as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.feedback import summary
from service.feedback.summary import SuiteCase
from service.feedback.unfolded import Unfolded
from service.web.view.cases import Case, prepare_case, prepare_links
from service.web.view.growth_charts import Curve, draw_curve
from worker.report.model import LedgerLine, SuiteSummary

LISTED = 3  # failing graphs of a suite, each with its first point; the others are folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite: what fails, and what is right.

    `failing` are listed, and `also_failing` are folded. `missing` are cases that need what the
    engine lacks; `lacking` names these rules. `blocked` are cases that fail because of other rules.
    `untested` and `lucky` are for older reports: `lucky` cases pass although they need a broken
    rule. `conventions` are passing cases with a message about the engine's choice. `curves` show
    how cost grows. `lost` are the points that are missing, and `why` names the causes; older
    reports have neither.
    """

    name: str
    title: str
    score: float
    max_score: float
    passed: int
    tested: int
    untested: int
    failing: tuple[Case, ...]
    also_failing: tuple[Case, ...]
    missing: tuple[Case, ...]
    lacking: str
    blocked: tuple[Case, ...]
    because: str
    lucky: tuple[Case, ...]
    right: tuple[Case, ...]
    conventions: tuple[Case, ...]
    curves: tuple[Curve, ...]
    lost: float = 0.0
    why: str = ""


def prepare_suite(
    suite: SuiteSummary,
    unfolded: Unfolded,
    lacking: frozenset[str] = frozenset(),
    ledger: Sequence[LedgerLine] = (),
) -> Suite:
    """A suite ready for a template. `lacking` are the rules that the engine doesn't have.

    `ledger` has the lines of all suites.
    """
    passed, tested = summary.count_suite(suite)
    growth = summary.find_growth(suite)
    measured = {each.graph for each in growth}
    plain = tuple(case for case in suite.cases if case.graph not in measured)
    failing = summary.find_failing([replace(suite, cases=plain)])
    missing = [found for found in failing if found.needs_missing_rule]
    wrong = [found for found in failing if found not in missing]
    listed = [found for found in wrong if found.address in unfolded.inline]
    firsts = {found.graph: found for found in reversed(wrong)}  # of each graph its first point
    more = [found for found in wrong if firsts[found.graph] is found and found not in listed]
    listed += more[: max(0, LISTED - len(listed))]
    causes = [line for line in ledger if line.suite == suite.name]
    needing = [case for case in plain if case.blocked_by and lacking.issuperset(case.blocked_by)]
    blocked = [case for case in plain if case.blocked_by and case not in needing]
    without = [found.case.rule or "" for found in missing]
    without += [rule for case in needing for rule in case.blocked_by]
    conventions = summary.find_conventions(suite)
    right = [case for case in plain if case.passed and not case.message]
    lucky = [case for case in right if summary.is_untested(suite, case)]
    return Suite(
        name=suite.name,
        title=suite.title,
        score=suite.score,
        max_score=suite.max_score,
        passed=passed,
        tested=tested,
        untested=summary.count_untested(suite),
        failing=_prepare((found for found in wrong if found in listed), unfolded),
        also_failing=_prepare((found for found in wrong if found not in listed), unfolded),
        missing=_prepare(missing, unfolded) + prepare_links(suite.name, needing),
        lacking=_name(without),
        blocked=prepare_links(suite.name, blocked),
        because=_name(rule for case in blocked for rule in case.blocked_by),
        lucky=prepare_links(suite.name, lucky),
        right=prepare_links(suite.name, (case for case in right if case not in lucky)),
        conventions=prepare_links(suite.name, conventions),
        curves=tuple(map(draw_curve, growth)),
        lost=sum(line.points for line in causes),
        why=summary.name_rules([line.cause for line in causes]),
    )


def _prepare(cases: Iterable[SuiteCase], unfolded: Unfolded) -> tuple[Case, ...]:
    return tuple(
        prepare_case(
            found, inline=found.address in unfolded.inline, opened=found.address in unfolded.open
        )
        for found in cases
    )


def _name(rules: Iterable[str]) -> str:
    """The rules in words, each once."""
    return summary.name_rules(list(dict.fromkeys(rules)))
