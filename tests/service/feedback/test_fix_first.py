"""What to fix first: one item for each cause of lost points, in the order of building blocks."""

from __future__ import annotations

import pytest

from service.feedback import summary
from service.feedback.summary import BrokenRule
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import CaseReport, LedgerLine, Report, Verdict
from worker.suites.rules import CHAIN, EQUAL, REUSE, SEED, SHARED

WRONG = Verdict.WRONG_GRADIENT


def fails(name: str, rule: str | None = None, **fields: object) -> CaseReport:
    """A failing case of a report with a ledger, where blocked cases count too."""
    given: dict[str, object] = {"verdict": WRONG, "rule": rule, "counts": True}
    return make_case(name, **given | fields)  # type: ignore[arg-type]


SUBTRACTION = fails("difference", "subtraction", blocked_by=("negation",))
NEGATION = fails("opposite", "negation", message="x.grad is 1, expected -1.")
POWER = [fails(f"power@{n}", "power", message=f"x.grad is {n}, expected 7.") for n in (1, 2)]
NO_TANH = fails("tanh", "tanh", verdict=Verdict.UNSUPPORTED, message="Value has no tanh().")
NEURON = fails("neuron", blocked_by=("tanh",), verdict=Verdict.UNSUPPORTED)
ALONE = fails("horner")
RIGHT = make_case("sum", rule="addition")


def read(*, ledger: tuple[LedgerLine, ...] | None = None) -> list[BrokenRule]:
    lines = (
        LedgerLine(suite="rules", cause="negation", tests=2, points=10.25),
        LedgerLine(suite="rules", cause="power", tests=2, points=5.5),
        LedgerLine(suite="nets", cause="tanh", tests=2, points=3.0),
        LedgerLine(suite="nets", cause="power", tests=1, points=2.0),
        LedgerLine(suite="nets", cause="Networks", tests=1, points=1.0),
    )
    return summary.find_broken_rules(report(lines if ledger is None else ledger))


def report(ledger: tuple[LedgerLine, ...]) -> Report:
    of_power = fails("cubic", blocked_by=("power", "negation"))
    return make_report(
        make_suite("rules", *POWER, SUBTRACTION, NEGATION, RIGHT),
        make_suite("nets", NO_TANH, NEURON, ALONE, of_power, title="Networks", points=20),
        make_suite("depth", fails("deep", "reuse"), points=0),
        ledger=ledger,
    )


def test_each_cause_is_one_item_in_the_order_of_building_blocks_and_missing_rules_come_last() -> (
    None
):
    found = read()
    assert [each.heading for each in found] == [
        "Negation has the wrong gradient",
        "Power has the wrong gradient",
        "Networks: something is still wrong",
        "tanh() is missing",
    ]
    addresses = [[each.address for each in rule.cases] for rule in found]
    assert addresses == [
        ["rules/opposite"],
        ["rules/power@1", "rules/power@2"],
        ["nets/horner"],
        ["nets/tanh"],
    ]
    assert [each.because for each in found] == ["negation", "power", "Networks", "tanh"]


def test_an_item_says_how_many_tests_and_points_it_costs_in_all_suites() -> None:
    assert [each.extent for each in read()] == [
        "1 test fails, 1 more because of it: −10.25 points.",
        "2 tests fail, 1 more because of it: −7.50 points.",
        "1 test fails: −1.00 points.",
        "1 test fails, 1 more because of it: −3.00 points.",
    ]
    assert read(ledger=())[0].extent == "1 test fails, 1 more because of it."  # no points at all


def test_messages_that_differ_only_in_numbers_and_names_are_shown_once() -> None:
    texts = ["x.grad is 1, expected 2.", "y.grad is -3e-05, expected 4.", "Error: no", "b", "c"]
    cases = [fails(f"s{n}", "reuse", message=text) for n, text in enumerate(texts)]
    (rule,) = summary.find_broken_rules(make_report(make_suite("rules", *cases), ledger=()))
    assert rule.messages == [texts[0], "Error: no", "b"]


def test_a_cause_that_only_other_tests_show_has_its_first_test_as_example() -> None:
    blocked = [fails(f"s{n}", "reuse", blocked_by=("power",)) for n in (1, 2)]
    (rule,) = summary.find_broken_rules(make_report(make_suite("rules", *blocked), ledger=()))
    assert (rule.rule, rule.cases[0].address, rule.blocked) == ("power", "rules/s1", 1)


@pytest.mark.parametrize(
    ("rule", "verdict", "heading"),
    [
        (SEED, WRONG, "The backward pass gives wrong gradients"),
        (SEED, Verdict.UNSUPPORTED, "The backward pass is missing"),
        (CHAIN, WRONG, "The backward pass goes wrong after its first step"),
        (CHAIN, Verdict.ERROR, "The backward pass fails"),
        (REUSE, WRONG, "The gradient of a value used more than once is wrong"),
        (EQUAL, WRONG, "The gradient of a node with the same number as another is wrong"),
        (SHARED, WRONG, "The gradient of a result used more than once is wrong"),
        ("relu", Verdict.NONDETERMINISTIC, "relu() is not repeatable"),
        ("exp", Verdict.WRONG_VALUE, "exp() has the wrong value"),
        ("division", Verdict.CRASHED, "Division fails"),
    ],
)
def test_a_heading_says_what_is_wrong(rule: str, verdict: Verdict, heading: str) -> None:
    case = fails("one", rule, verdict=verdict)
    (found,) = summary.find_broken_rules(make_report(make_suite("rules", case), ledger=()))
    assert found.heading == heading


def test_blocked_cases_count_as_failed_if_there_is_a_ledger() -> None:
    assert summary.count_report(report(())) == (1, 9)


def test_a_rule_with_a_wrong_form_and_a_missing_one_is_wrong() -> None:
    cases = (
        make_case("with-number", Verdict.UNSUPPORTED, rule="in-place multiplication"),
        make_case("alone", Verdict.WRONG_GRADIENT, rule="in-place multiplication"),
    )
    (broken,) = summary.find_broken_rules(make_report(make_suite("in-place", *cases), ledger=()))
    assert (broken.missing, broken.cases[0].case.id) == (False, "alone")
