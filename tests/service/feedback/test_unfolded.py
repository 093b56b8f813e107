"""Which cases a report shows unfolded, and the summary that keeps their details."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from service.feedback.unfolded import choose_unfolded, make_summary
from tests.support.factories import make_case, make_report, make_suite
from tests.support.stored import stored_report
from worker.report.json import report_from_json, summary_from_json, to_json
from worker.report.model import CaseReport, Diagnosis, Problem, ProblemKind, Verdict

WRONG = Verdict.WRONG_GRADIENT
PRODUCT = make_case("product@1", WRONG, rule="multiplication")
SUM = make_case("sum", WRONG, rule="addition")
NO_TANH = make_case("tanh", Verdict.UNSUPPORTED, rule="tanh")


def test_the_first_case_of_each_broken_rule_is_in_the_list_and_a_missing_one_stays_closed() -> None:
    again = make_case("product@2", WRONG, rule="multiplication")
    unfolded = choose_unfolded(make_report(make_suite("rules", NO_TANH, PRODUCT, again, SUM)))
    assert unfolded.inline == {"rules/product@1", "rules/sum", "rules/tanh"}
    assert unfolded.open == {"rules/product@1", "rules/sum"}


def test_the_simplest_case_that_a_diagnosis_explains_keeps_its_details() -> None:
    again = make_case("product@2", WRONG, rule="multiplication")
    report = make_report(make_suite("rules", PRODUCT, again))
    found = Diagnosis(
        misconception="assigns",
        number=1,
        title="A title",
        explanation="An explanation.",
        hint="A question?",
        rule="reuse",
        evidence=("rules/product@2",),
        exact=True,
        alike=(),
        formula=None,
        predicts=(2, 2),
    )
    unfolded = choose_unfolded(replace(report, diagnoses=(found,)))
    assert unfolded.inline == {"rules/product@1", "rules/product@2"}
    assert unfolded.open == {"rules/product@1"}


def test_only_the_first_cases_of_many_are_open() -> None:
    rules = [make_case(f"case{n}", WRONG, rule=f"rule {n}") for n in range(5)]
    unfolded = choose_unfolded(make_report(make_suite("rules", *rules)))
    assert unfolded.open == {"rules/case0", "rules/case1", "rules/case2"}
    assert len(unfolded.inline) == 5


def test_if_no_rule_is_wrong_the_first_case_of_each_failing_graph_is_open() -> None:
    cases = [make_case(f"order@{n}", WRONG) for n in (1, 2)] + [make_case("chain", WRONG), NO_TANH]
    without_points = make_suite("robustness", make_case("deep", Verdict.ERROR), points=0.0)
    unfolded = choose_unfolded(make_report(make_suite("order", *cases), without_points))
    assert unfolded.open == {"order/order@1", "order/chain"}
    assert unfolded.inline == {"order/order@1", "order/chain", "order/tanh"}


def test_nothing_is_unfolded_if_the_file_could_not_be_loaded() -> None:
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="invalid syntax")
    report = make_report(make_suite("rules", SUM), problem=problem)
    assert choose_unfolded(report).inline == frozenset()


@pytest.mark.parametrize("name", ["right", "wrong", "unloadable"])
def test_a_summary_survives_json_with_the_details_of_the_unfolded_cases(name: str) -> None:
    report = report_from_json(stored_report(name))
    summary = make_summary(report)
    assert summary_from_json(json.loads(json.dumps(to_json(summary)))) == summary
    detailed = {
        f"{suite.name}/{case.id}"
        for suite in summary.suites
        for case in suite.cases
        if isinstance(case, CaseReport)
    }
    assert detailed == choose_unfolded(report).inline == choose_unfolded(summary).inline
    assert bool(detailed) is (name == "wrong")
