"""Engines whose results depend on a set's order or a clock have the same report each time."""

from __future__ import annotations

import json

import pytest

from tests.students import engine
from tests.support.engines.clocked import clocked_engines, timed_engine
from tests.support.engines.lucky import lucky_engines
from tests.worker.grading.repeated import repeat, select
from worker.grading.grade import grade
from worker.report.json import report_from_json
from worker.report.model import Verdict
from worker.sandbox import Sandbox
from worker.suites.catalogue import names

ZYGOTES, GRADINGS = 2, 2  # `make corpus` has 10 and 5
SUITES = ("order", "random")
ENGINES = dict(lucky_engines())
CLOCKED = dict(clocked_engines())
WRONG = {Verdict.NONDETERMINISTIC, Verdict.WRONG_GRADIENT}


@pytest.fixture(scope="module")
def reports() -> dict[str, list[str]]:
    """The reports of each engine, of several zygotes."""
    return repeat(ENGINES, SUITES, ZYGOTES, GRADINGS)


@pytest.fixture(scope="module")
def clocked() -> dict[str, list[str]]:
    """The reports of each engine that reads a clock."""
    return repeat({**CLOCKED, "times": timed_engine()}, SUITES, ZYGOTES, GRADINGS)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ENGINES)
def test_every_grading_gives_the_same_report(reports: dict[str, list[str]], name: str) -> None:
    assert len(reports[name]) == ZYGOTES * GRADINGS
    assert len(set(reports[name])) == 1


@pytest.mark.heavy
@pytest.mark.parametrize("name", ENGINES)
def test_what_depends_on_an_order_is_nondeterministic_and_says_so(
    reports: dict[str, list[str]], name: str
) -> None:
    report = report_from_json(json.loads(reports[name][0]))
    assert report.problem is None
    order = next(suite for suite in report.suites if suite.name == "order")
    lucky = [case for case in order.cases if case.verdict is Verdict.NONDETERMINISTIC]
    assert lucky
    assert all("order in which Python iterates over a set" in case.message for case in lucky)
    assert order.score < order.max_score


@pytest.mark.heavy
def test_a_right_engine_with_sets_depends_on_no_order() -> None:
    with Sandbox() as sandbox:
        report = grade(engine("right/closures"), select(names()), sandbox, seed=1)
    assert report.score == report.max_score


@pytest.mark.heavy
@pytest.mark.parametrize("name", CLOCKED)
def test_numbers_from_a_clock_never_pass_and_have_the_same_report(
    clocked: dict[str, list[str]], name: str
) -> None:
    assert len(set(clocked[name])) == 1
    report = report_from_json(json.loads(clocked[name][0]))
    assert report.problem is None
    assert {case.verdict for suite in report.suites for case in suite.cases} <= WRONG
    assert report.score == 0


@pytest.mark.heavy
def test_times_that_a_right_engine_prints_are_the_same_each_time(
    clocked: dict[str, list[str]],
) -> None:
    assert len(clocked["times"]) == ZYGOTES * GRADINGS
    assert len(set(clocked["times"])) == 1
    report = report_from_json(json.loads(clocked["times"][0]))
    assert report.score == report.max_score
    assert report.stdout.startswith("Started 10:00:00.1")
    assert report.stderr.endswith("done\n")
