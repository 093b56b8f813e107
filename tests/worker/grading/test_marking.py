"""Points: each test earns its own, and the ledger says where the missing ones went."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.grading.simple_suites import MORE, RULES, SIMPLE, report_of
from worker.grading.marking import NOT_LOADED, Selection, round_to_hundredths, score
from worker.report.model import LedgerLine, SuiteReport, Verdict
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite

Marked = tuple[tuple[SuiteReport, ...], tuple[LedgerLine, ...]]
IDS = [case.id for case in (*SIMPLE.cases, *MORE.cases)]


def mark(*failing: str, suites: tuple[Suite, ...] = (SIMPLE, MORE)) -> Marked:
    """The suites' reports and the ledger, where the cases of these ids fail and others pass."""
    return weigh([suite.weight for suite in suites], *failing, suites=suites)


def weigh(
    weights: list[float], *failing: str, suites: tuple[Suite, ...] = (SIMPLE, MORE)
) -> Marked:
    """The same with other points for the suites."""
    judged = [[(case, report_of(case, failing)) for case in suite.cases] for suite in suites]
    selections = [
        Selection(suite=suite, weight=weight) for suite, weight in zip(suites, weights, strict=True)
    ]
    return score(selections, judged)


def test_a_right_engine_earns_all_points_and_has_an_empty_ledger() -> None:
    (simple, more), ledger = mark()
    assert (simple.score, more.score, ledger) == (40, 60, ())


def test_a_test_that_fails_costs_its_points() -> None:
    (simple, more), ledger = mark("neuron")
    assert (simple.score, more.score) == (40, 30)
    assert ledger == (LedgerLine(suite="composed", cause="Composed", tests=1, points=30),)


def test_points_are_divided_among_rules_and_then_among_tests() -> None:
    another = "\n# case: sum-again\n# title: Sum\n# rule: addition\nx = Value(5)\ny = Value(7)\n"
    suite = read_suite(RULES + another + "L = x + y\nL.backward()\n", "simple.suite")
    assert mark("sum", suites=(suite,))[0][0].score == 40 - 10 / 2
    assert mark("product", suites=(suite,))[0][0].score == 40 - 10


def test_tests_without_a_rule_share_the_points_of_one_rule() -> None:
    rest = "\n# case: {}\n# title: T\nx = Value(5)\ny = Value({})\nL = x + y\nL.backward()\n"
    text = RULES + rest.format("one", 7) + rest.format("two", 8)
    (simple,), ledger = mark("one", suites=(read_suite(text, "simple.suite"),))
    assert simple.score == 40 - 40 / 5 / 2
    assert ledger == (LedgerLine(suite="simple", cause="Simple", tests=1, points=4),)


def test_the_ledger_charges_a_test_to_the_rule_that_breaks_it() -> None:
    (simple, more), ledger = mark("product", "twice", "neuron")
    assert (simple.score, more.score) == (20, 30)
    assert ledger == (
        LedgerLine(suite="simple", cause="multiplication", tests=2, points=20),
        LedgerLine(suite="composed", cause="multiplication", tests=1, points=30),
    )


def test_causes_stand_in_building_block_order() -> None:
    _, ledger = mark("twice", "literal", "product", "sum")
    assert [line.cause for line in ledger] == ["addition", "multiplication"]
    _, ledger = mark("twice", "literal", "sum")
    assert [line.cause for line in ledger] == [
        "addition",
        "multiplication of a number (2 * x)",
        "values used more than once",
    ]


def test_a_test_that_passes_earns_its_points_though_it_needs_a_broken_rule() -> None:
    (simple, more), _ = mark("product")
    assert (simple.score, more.score) == (30, 60)
    assert all(case.counts for case in (*simple.cases, *more.cases))


def test_half_a_credit_earns_half_of_the_points() -> None:
    judged = [[(case, report_of(case, ())) for case in SIMPLE.cases]]
    case, report = judged[0][0]
    half = dataclasses.replace(report, verdict=Verdict.WRONG_GRADIENT, credit=0.5)
    judged[0][0] = (case, half)
    (simple,), ledger = score([Selection(suite=SIMPLE, weight=40)], judged)
    assert simple.score == 35
    assert [line.points for line in ledger] == [5]


def test_a_file_that_was_not_loaded_has_one_cause() -> None:
    judged = [[(case, report_of(case, IDS)) for case in SIMPLE.cases]]
    (simple,), ledger = score([Selection(suite=SIMPLE, weight=40)], judged, loaded=False)
    assert simple.score == 0
    assert all(not case.blocked_by for case in simple.cases)
    assert ledger == (LedgerLine(suite="simple", cause=NOT_LOADED, tests=4, points=40),)


@pytest.mark.parametrize("weight", [0.1, 0.7, 1.9])
def test_a_right_engine_gets_its_points_without_rounding_errors(weight: float) -> None:
    three = read_suite(RULES.partition("# case: literal")[0], "simple.suite")
    (report,), _ = weigh([weight], suites=(three,))
    assert report.score == weight != weight * 3 / 3


def test_a_loss_is_never_rounded_away() -> None:
    (simple, more), ledger = weigh([0.01, 0.01], "neuron", "sum")
    assert (simple.score, more.score) == (0, 0)
    assert [line.points for line in ledger] == [0.01, 0.01]


def test_a_suite_without_points_loses_none() -> None:
    (simple, more), ledger = weigh([0, 10], "product", "neuron")
    assert (simple.score, simple.max_score, more.score) == (0, 0, 5)
    assert [(line.suite, line.cause) for line in ledger] == [("composed", "multiplication")]


hundredths = st.integers(0, 10_000).map(lambda points: points / 100)


@given(weights=st.tuples(hundredths, hundredths), failing=st.sets(st.sampled_from(IDS)))
def test_the_ledger_adds_up_exactly_to_what_is_missing(
    weights: tuple[float, float], failing: set[str]
) -> None:
    suites, ledger = weigh(list(weights), *failing)
    for suite in suites:
        lost = sum(Fraction(str(line.points)) for line in ledger if line.suite == suite.name)
        assert Fraction(str(suite.max_score)) - Fraction(str(suite.score)) == lost
        assert 0 <= suite.score <= suite.max_score
        assert suite.score == round(suite.score, 2)


@given(
    weights=st.tuples(hundredths, hundredths),
    failing=st.sets(st.sampled_from(IDS)),
    more=st.sets(st.sampled_from(IDS)),
)
def test_one_more_failing_test_never_raises_a_score(
    weights: tuple[float, float], failing: set[str], more: set[str]
) -> None:
    before, _ = weigh(list(weights), *failing)
    after, _ = weigh(list(weights), *failing, *more)
    for once, worse in zip(before, after, strict=True):
        assert worse.score <= once.score


@given(st.lists(st.fractions(min_value=Fraction(1, 10**6), max_value=10), max_size=6))
def test_rounded_parts_add_up_and_are_off_by_less_than_one(parts: list[Fraction]) -> None:
    rounded = round_to_hundredths(parts, 10**6)
    assert abs(sum(rounded) - 100 * sum(parts, Fraction(0))) <= 1
    for part, whole in zip(parts, rounded, strict=True):
        assert whole >= 0
        assert abs(whole - 100 * part) < 1


def test_a_convention_among_other_cases_has_no_points() -> None:
    odd = "\n# case: odd\n# title: T\n# kind: convention\n# answer: x.grad == 1 -> One.\n"
    odd += "x = Value(3)\nL = x + x\nL.backward()\n"
    suite = read_suite(RULES + odd, "simple.suite")
    for failing in (("sum",), ("sum", "odd")):
        (report,), _ = mark(*failing, suites=(suite,))
        assert report.score == 30
        assert [case.id for case in report.cases if not case.counts] == ["odd"]


def test_a_suite_of_conventions_alone_loses_no_points() -> None:
    odd = RULES.split("# case: sum")[0] + "# case: odd\n# title: T\n# kind: convention\n"
    odd += "# answer: x.grad == 1 -> One.\nx = Value(3)\nL = x + x\nL.backward()\n"
    (report,), ledger = mark("odd", suites=(read_suite(odd, "simple.suite"),))
    assert (report.score, ledger) == (40, ())


def test_a_cause_that_costs_almost_nothing_has_no_line() -> None:
    (simple, _), ledger = weigh([0.03, 0], "sum", "product", "twice", "literal")
    assert simple.score == 0
    assert [(line.cause, line.points) for line in ledger] == [
        ("addition", 0.01),
        ("multiplication", 0.02),
    ]
    (simple, _), ledger = weigh([0.01, 0], "sum", "product")
    assert [(line.cause, line.points) for line in ledger] == [("addition", 0.01)]
