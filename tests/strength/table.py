"""What the gradings of the corpus say about the suites, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.report.model import Report, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A suite: wrong engines that fail in it, that it charges, and that it alone charges."""

    suite: str
    weight: float
    cases: int
    failing: int
    charged: int
    alone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The suites' strength: `lonely` has engines that one case alone catches, and that case."""

    rows: tuple[Row, ...]
    lonely: Mapping[str, str]
    idle: tuple[str, ...]
    survivors: tuple[str, ...]


def tabulate(reports: Mapping[str, Report]) -> Table:
    """The table for the reports of wrong engines, by name; all are over the same suites.

    A blocked case is failed but not charged: the rule that blocks it is, where it is established.
    """
    failed = {engine: _failed(report) for engine, report in reports.items()}
    catchers = {engine: _failed(report, blocked=False) for engine, report in reports.items()}
    first = next(iter(reports.values()))
    marked = {suite.name for suite in first.suites if suite.max_score}
    counting = {
        engine: [case for case in found if _suite_of(case) in marked]
        for engine, found in catchers.items()
    }
    rows = []
    for suite in first.suites:
        charged = [e for e, found in catchers.items() if suite.name in map(_suite_of, found)]
        rows.append(
            Row(
                suite=suite.name,
                weight=suite.max_score,
                cases=len(suite.cases),
                failing=sum(suite.name in map(_suite_of, found) for found in failed.values()),
                charged=len(charged),
                alone=sum(set(map(_suite_of, counting[e])) == {suite.name} for e in charged),
            )
        )
    busy = {case for found in failed.values() for case in found}
    return Table(
        rows=tuple(rows),
        lonely={engine: found[0] for engine, found in counting.items() if len(found) == 1},
        idle=tuple(
            f"{suite.name}/{case.id}"
            for suite in first.suites
            if suite.name in marked
            for case in suite.cases
            if f"{suite.name}/{case.id}" not in busy
        ),
        survivors=tuple(engine for engine, found in counting.items() if not found),
    )


def points_lost(report: Report) -> float:
    """What a right engine was charged."""
    return report.max_score - report.score


def _failed(report: Report, *, blocked: bool = True) -> list[str]:
    return [
        f"{suite.name}/{case.id}"
        for suite in report.suites
        for case in suite.cases
        if case.verdict is not Verdict.PASSED and (blocked or not case.blocked_by)
    ]


def _suite_of(case: str) -> str:
    return case.partition("/")[0]
