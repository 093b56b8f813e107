"""What a reduced report has, and what it can't have."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from service.courses.models import Feedback
from service.feedback.levels import (
    NOT_REPEATABLE,
    CaseOutcome,
    Level,
    SuiteLoss,
    choose_sight,
    hide_points,
    reduce_to_tests,
)
from service.feedback.solutions import without_solutions
from tests.support.factories import make_case, make_diagnosis, make_report, make_suite
from tests.support.secret_report import INPUTS, OWN, SECRETS, make_secret_report
from worker.report.json import to_json
from worker.report.model import LedgerLine, Quantity, Verdict

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def reduce_case(verdict: Verdict, **fields: object) -> CaseOutcome:
    report = make_report(make_suite("rules", make_case("sum", verdict, **fields)))
    return reduce_to_tests(report, points=True).suites[0].cases[0]


def test_the_levels_are_those_of_assignments() -> None:
    assert {level.value for level in Level} == {feedback.value for feedback in Feedback}


@pytest.mark.parametrize("level", Level)
def test_only_nothing_depends_on_the_deadline(level: Level) -> None:
    sights = [
        choose_sight(level, held=False, last_deadline=NOON, moment=NOON + timedelta(seconds=after))
        for after in (0, 1)
    ]
    if level is Level.NOTHING:
        assert [sight.level for sight in sights] == [Level.NOTHING, Level.FULL]
        assert [sight.points for sight in sights] == [False, True]
        assert sights[0].until == NOON
    else:
        assert [sight.level for sight in sights] == [level, level]


def test_nothing_without_a_deadline_never_ends() -> None:
    sight = choose_sight(Level.NOTHING, held=False, last_deadline=None, moment=NOON)
    assert (sight.level, sight.points, sight.until) == (Level.NOTHING, False, None)


@pytest.mark.parametrize("level", Level)
def test_held_marks_hide_points_at_every_level(level: Level) -> None:
    later = NOON + timedelta(days=1)
    sight = choose_sight(level, held=True, last_deadline=NOON, moment=later)
    assert not sight.points
    assert not sight.whole
    assert not sight.solutions


def test_a_report_of_tests_has_titles_inputs_verdicts_and_own_numbers_only() -> None:
    text = json.dumps(to_json(reduce_to_tests(make_secret_report(), points=True)))
    for secret in SECRETS:
        assert secret not in text, secret
    for shown in (*INPUTS, *OWN):
        assert shown in text, shown
    for key in ("expected", "tolerance", "error", "rule", "blocked_by", "cause", "diagnoses"):
        assert f'"{key}":' not in text


@pytest.mark.parametrize("verdict", [Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT])
def test_the_message_of_a_comparison_is_hidden(verdict: Verdict) -> None:
    assert reduce_case(verdict).message == ""


def test_the_message_of_two_orders_does_not_say_what_they_gave() -> None:
    case = reduce_case(Verdict.NONDETERMINISTIC, message="x is 1 or 2, expected 3.", checks=())
    assert case.message == NOT_REPEATABLE


def test_the_message_of_an_exception_stays() -> None:
    case = reduce_case(Verdict.ERROR, message="TypeError: no (line 7)", checks=())
    assert case.message == "TypeError: no (line 7)"


def test_a_failing_case_that_was_compared_says_nothing_whatever_its_verdict() -> None:
    assert reduce_case(Verdict.INVALID_OUTPUT).message == ""


def test_a_convention_says_what_the_engine_does() -> None:
    assert reduce_case(Verdict.PASSED, message="The slope is 0.").message == "The slope is 0."


def test_the_program_keeps_its_steps_and_loses_its_assertions() -> None:
    program = (
        "x = Value(2)\nfor i in range(3):\n    L = x\n    assert L.data == 4\nassert x.grad == 9"
    )
    case = reduce_case(Verdict.PASSED, program=program)
    assert case.program == "x = Value(2)\nfor i in range(3):\n    L = x"
    (number,) = case.checks
    assert (number.node, number.quantity, number.actual) == ("x", Quantity.GRAD, 1.0)


def test_the_ledger_has_a_line_for_each_suite_and_names_no_cause() -> None:
    lines = [("rules", "tanh", 3, 0.1), ("rules", "exp", 2, 0.2), ("order", "exp", 1, 4.0)]
    ledger = tuple(
        LedgerLine(suite=suite, cause=cause, tests=tests, points=points)
        for suite, cause, tests, points in lines
    )
    report = make_report(make_suite("rules", make_case("sum")), ledger=ledger)
    assert reduce_to_tests(report, points=True).ledger == (
        SuiteLoss(suite="rules", tests=5, points=0.3),
        SuiteLoss(suite="order", tests=1, points=4.0),
    )


def test_without_points_no_score_is_left() -> None:
    reduced = reduce_to_tests(make_secret_report(), points=False)
    assert (reduced.score, reduced.max_score, reduced.ledger) == (None, None, None)
    assert [suite.score for suite in reduced.suites] == [None] * len(reduced.suites)
    whole = hide_points(to_json(make_secret_report()))
    assert (whole["score"], whole["ledger"]) == (None, None)
    assert {suite["score"] for suite in whole["suites"]} == {None}
    assert {case["credit"] for suite in whole["suites"] for case in suite["cases"]} == {None}


def test_a_report_without_solutions_keeps_the_students_own_formula() -> None:
    report = make_report(
        make_suite("rules", make_case("sum")),
        diagnoses=(make_diagnosis(), make_diagnosis(formula=None)),
    )
    first, second = without_solutions(report).diagnoses
    assert first.formula is not None
    assert (first.formula.yours, first.formula.right) == ("1 - t", "")
    assert second.formula is None
