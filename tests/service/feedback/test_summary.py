"""A report is read the same way on a terminal, on a page and by another system."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.feedback import summary
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import (
    Cost,
    Interface,
    Precision,
    PrecisionKind,
    Report,
    SuiteReport,
    Verdict,
)

PRODUCT = make_case("product@1", Verdict.WRONG_GRADIENT, rule="multiplication")
AGAIN = make_case("product@2", Verdict.ERROR, rule="multiplication")
NO_TANH = make_case("tanh", Verdict.UNSUPPORTED, rule="tanh")
BLOCKED = make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication", "tanh"))
ALONE = make_case("order", Verdict.WRONG_GRADIENT)
RIGHT = make_case("sum")


def report(*suites: SuiteReport) -> Report:
    return make_report(*suites)


def test_wrong_rules_come_before_missing_ones_and_blocked_cases_count_once() -> None:
    unmarked = make_suite("unmarked", BLOCKED, points=0)
    read = report(make_suite("rules", NO_TANH, PRODUCT, AGAIN, BLOCKED, ALONE, RIGHT), unmarked)
    wrong, missing = summary.find_broken_rules(read)
    assert wrong.heading == "Multiplication has the wrong gradient"
    assert [found.address for found in wrong.cases] == ["rules/product@1", "rules/product@2"]
    assert (wrong.blocked, missing.blocked) == (1, 0)
    assert (missing.heading, missing.missing) == ("tanh() is missing", True)


def test_a_rule_is_named_in_words() -> None:
    twice = make_case("twice", Verdict.CRASHED, rule="reuse")
    (broken,) = summary.find_broken_rules(report(make_suite("reuse", twice)))
    assert broken.heading == "The gradient of a value used more than once fails"
    assert broken.because == "values used more than once"


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ("", ""),
        ("reuse", "values used more than once"),
        ("power tanh", "power and tanh"),
        ("power tanh log", "power, tanh and log"),
        ("power tanh log exp sin", "power, tanh, log and 2 more"),
    ],
)
def test_the_first_of_many_rules_are_named(rules: str, named: str) -> None:
    assert summary.name_rules(rules.split()) == named


def test_a_blocked_case_of_an_older_report_counts_neither_as_passed_nor_as_failed() -> None:
    lucky = make_case("product-of-0", counts=False)  # passes although it needs a broken rule
    read = report(make_suite("rules", PRODUCT, BLOCKED, RIGHT, lucky))
    assert summary.count_suite(read.suites[0]) == (1, 2)
    assert [found.case.id for found in summary.find_failing(read.suites)] == ["product@1"]


def test_conventions_count_if_no_other_suite_was_chosen() -> None:
    unmarked = make_suite(
        "conventions", make_case("relu", message="It is 0.", counts=False), points=0
    )
    assert summary.count_report(report(unmarked)) == (1, 1)


def test_suites_without_points_count_only_if_there_is_no_other() -> None:
    unmarked = make_suite("conventions", ALONE, points=0)
    marked = make_suite("rules", RIGHT)
    assert summary.all_passed(report(marked, unmarked))
    assert summary.count_report(report(marked, unmarked)) == (1, 1)
    assert not summary.all_passed(report(unmarked))
    assert summary.count_report(report(unmarked)) == (0, 1)


def test_all_passed_is_false_if_a_blocked_case_fails() -> None:
    unmarked = make_suite("unmarked", ALONE, points=0)
    for cases, passed in (([RIGHT], True), ([RIGHT, ALONE], False), ([RIGHT, BLOCKED], False)):
        assert summary.all_passed(report(make_suite("rules", *cases), unmarked)) is passed


def test_a_measured_series_has_a_point_for_each_size() -> None:
    cost = Cost(cpu_seconds=0.0015, memory_bytes=3 * 2**20)
    title = "A chain of n sums"
    cases = (
        make_case("chain@1", title=f"{title}, at n = 250", point={"n": 250}, size=250, cost=cost),
        make_case(
            "chain@2",
            Verdict.ERROR,
            title=f"{title}, at n = 1000",
            point={"n": 1000},
            size=1000,
            message="too deep",
        ),
        make_case("other@1", title="Not measured, at x = 1", point={"x": 1}),
        make_case("single", title="No series", cost=cost),
    )
    (suite,) = report(make_suite("robustness", *cases, points=0)).suites
    (growth,) = summary.find_growth(suite)
    assert (growth.graph, growth.title) == ("chain", title)
    first, second = growth.points
    assert (first.label, first.size) == ("n = 250", 250)
    assert (first.milliseconds, first.megabytes) == (1.5, 3)
    assert (second.size, second.milliseconds, second.megabytes) == (1000, None, None)
    assert (second.verdict, second.message) == (Verdict.ERROR, "too deep")


def test_growth_is_shown_in_calls_if_they_were_counted() -> None:
    old = Cost(cpu_seconds=0.0015, memory_bytes=0)
    new = Cost(cpu_seconds=0.0015, memory_bytes=0, calls=600, nodes=200)
    unfinished = make_case("chain@2", Verdict.TIMEOUT, title="C, at n = 400", point={"n": 400})
    for cost, counts, per_node in ((old, False, None), (new, True, 3)):
        first = make_case("chain@1", title="C, at n = 200", point={"n": 200}, cost=cost)
        (suite,) = report(make_suite("robustness", first, unfinished, points=0)).suites
        (growth,) = summary.find_growth(suite)
        assert growth.counts_calls is counts
        assert growth.points[0].calls == cost.calls
        assert growth.points[0].calls_per_node == per_node


def test_points_without_a_size_are_shown_in_their_order() -> None:
    cost = Cost(cpu_seconds=0, memory_bytes=0)
    cases = [make_case(f"chain@{n}", title="A chain", point={"x": 0.5}, cost=cost) for n in (1, 2)]
    (suite,) = report(make_suite("robustness", *cases)).suites
    (growth,) = summary.find_growth(suite)
    assert (growth.title, [point.size for point in growth.points]) == ("A chain", [1, 2])


def test_conventions_are_the_cases_that_pass_with_a_message() -> None:
    relu = make_case("relu", message="The slope of relu at 0 is 0.")
    (suite,) = report(make_suite("conventions", relu, RIGHT, ALONE)).suites
    assert [case.id for case in summary.find_conventions(suite)] == ["relu"]


def test_an_engine_is_described_by_the_names_that_were_found() -> None:
    found = Interface(class_name="Scalar", data="value", grad="gradient", backward="backprop()")
    shown = "class Scalar, number in .value, gradient in .gradient, backprop()"
    assert summary.describe_interface(found) == shown
    without = Interface(class_name="Value", data="data", grad="grad", backward=None)
    shown = "class Value, number in .data, no backward()"
    assert summary.describe_interface(without) == shown
    loose = Interface(class_name=None, data="item 0", grad="grads[x]", backward="grads = run(L)")
    shown = "functions without a class, number in item 0, gradient in grads[x], grads = run(L)"
    assert summary.describe_interface(loose) == shown
    asked = replace(loose, grad="grad(root, leaf)", backward="grad(root, leaf)")
    shown = "functions without a class, number in item 0, gradient by grad(root, leaf)"
    assert summary.describe_interface(asked) == shown
    returned = replace(found, grad="returned (by node)")
    shown = "class Scalar, number in .value, backprop(), gradient returned (by node)"
    assert summary.describe_interface(returned) == shown


def test_a_precision_is_a_note_if_it_is_accepted_and_a_warning_if_not() -> None:
    found = Interface(
        class_name="Value",
        data="data",
        grad="grad",
        backward="backward()",
        warning="No seed.",
        notes=("No torch.",),
    )
    single = Precision(kind=PrecisionKind.SINGLE, message="In float32.", accepted=True)
    double = report(make_suite("rules", RIGHT))
    assert (summary.list_warnings(double), summary.list_notes(double)) == ([], [])
    noted = replace(double, interface=found, precision=single)
    assert summary.list_warnings(noted) == ["No seed."]
    assert summary.list_notes(noted) == ["In float32.", "No torch."]
    warned = replace(noted, precision=replace(single, accepted=False))
    assert summary.list_warnings(warned) == ["No seed.", "In float32."]
    assert summary.list_notes(warned) == ["No torch."]


def test_a_case_that_passes_by_its_precision_says_so() -> None:
    assert summary.explain_case(make_case("a", by_precision=True)) == "Passes in single precision."
    assert summary.explain_case(make_case("a")) == ""
    wrong = make_case("a", Verdict.WRONG_GRADIENT, message="It is wrong.", by_precision=True)
    assert summary.explain_case(wrong) == "It is wrong."
