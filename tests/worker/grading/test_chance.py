"""Engines whose results depend on the order of a set have the same report each time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby

import pytest

from tests.students import engine
from tests.support.engines.lucky import lucky_engines
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report, Verdict
from worker.sandbox import Sandbox
from worker.suites.catalogue import load, names, outline

ZYGOTES, GRADINGS = 3, 2
SUITES = ("order", "reuse", "random")
ENGINES = dict(lucky_engines())


def select(*suites: str) -> list[Selection]:
    return [Selection(suite=load(name, 1), weight=outline(name).weight) for name in suites]


def comparable(report: Report) -> Report:
    """The report without what may differ from one grading to the next."""
    suites = tuple(
        replace(suite, cases=tuple(replace(case, cost=None) for case in suite.cases))
        for suite in report.suites
    )
    return replace(report, suites=suites, provenance=replace(report.provenance, seconds=0.0))


@pytest.fixture(scope="module")
def reports() -> dict[str, list[Report]]:
    """The reports of each engine, of several zygotes."""
    found = defaultdict(list)
    selections = select(*SUITES)
    for _ in range(ZYGOTES):
        with Sandbox() as sandbox:
            for name, text in ENGINES.items():
                for _ in range(GRADINGS):
                    found[name].append(comparable(grade(text, selections, sandbox, seed=1)))
    return found


@pytest.mark.heavy
@pytest.mark.parametrize("name", ENGINES)
def test_every_grading_gives_the_same_report(reports: dict[str, list[Report]], name: str) -> None:
    assert len(reports[name]) == ZYGOTES * GRADINGS
    assert len(list(groupby(reports[name]))) == 1


@pytest.mark.heavy
@pytest.mark.parametrize("name", ENGINES)
def test_what_depends_on_an_order_is_nondeterministic_and_says_so(
    reports: dict[str, list[Report]], name: str
) -> None:
    report = reports[name][0]
    assert report.problem is None
    order = next(suite for suite in report.suites if suite.name == "order")
    lucky = [case for case in order.cases if case.verdict is Verdict.NONDETERMINISTIC]
    assert lucky
    assert all("order in which Python iterates over a set" in case.message for case in lucky)
    assert order.score < order.max_score


@pytest.mark.heavy
def test_a_right_engine_with_sets_depends_on_no_order() -> None:
    with Sandbox() as sandbox:
        report = grade(engine("right/closures"), select(*names()), sandbox, seed=1)
    assert report.score == report.max_score
