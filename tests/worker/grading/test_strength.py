"""The tools that measure the suites: headers of wrong engines, the table, endless mutants."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.strength.corpus import expand, outcomes_of, read_header, render, with_outcomes
from tests.strength.counterexamples import Proof, is_exact, prove, write_proofs
from tests.strength.diagnosis import Row, count, hold_out
from tests.strength.floors import Figures, find_missed
from tests.strength.mutants import Clock, EndlessError
from tests.strength.table import points_lost, tabulate
from tests.students import engine
from tests.support.factories import (
    make_case,
    make_counterexample,
    make_diagnosis,
    make_report,
    make_suite,
)
from worker.report.model import CaseReport, Interface, Report, Verdict

CASES = [
    *(f"rules/sum@{point}" for point in (1, 2, 3)),
    "rules/product",
    *(f"order/path-{number}" for number in range(1, 12)),
    "state/both",
]
SOURCE = """\
# misconception: 1, 33
# title: Assigns, and turns 1 - x round
# wrong_gradient: rules/product

# title: not a heading
class Value: ...
"""


def test_a_header_is_read_up_to_the_first_other_line() -> None:
    header = read_header(SOURCE)
    assert header.misconceptions == (1, 33)
    assert header.title == "Assigns, and turns 1 - x round"
    assert header.told is None
    assert header.outcomes == {"wrong_gradient": ("rules/product",)}


def test_a_header_with_an_unknown_heading_is_rejected() -> None:
    with pytest.raises(ValueError, match="wrong_gradients"):
        read_header(SOURCE.replace("wrong_gradient", "wrong_gradients"))


@pytest.mark.parametrize(
    ("chosen", "lines"),
    [
        ({}, ""),
        (dict.fromkeys(CASES[:4], "error"), "# error: rules/*\n"),
        (dict.fromkeys(CASES[:3], "error"), "# error: rules/sum@*\n"),
        (dict.fromkeys(CASES[:2], "error"), "# error: rules/sum@1 rules/sum@2\n"),
        (
            {"rules/sum@2": "wrong_value", "state/both": "blocked"},
            "# wrong_value: rules/sum@2\n# blocked: state/both\n",
        ),
    ],
)
def test_outcomes_are_written_in_short_form_and_read_back(
    chosen: dict[str, str], lines: str
) -> None:
    assert render(chosen, CASES) == lines
    assert expand(read_header(with_outcomes(SOURCE, lines)), CASES) == chosen


def test_long_lists_are_wrapped_and_read_back_the_same() -> None:
    chosen = {
        case: "wrong_gradient" for case in CASES if case.startswith("order/") and "2" not in case
    }
    written = with_outcomes(SOURCE, render(chosen, CASES))
    assert max(map(len, written.splitlines())) <= 100
    assert written.count("# wrong_gradient: ") == 2
    assert expand(read_header(written), CASES) == chosen
    assert written.endswith("\n\n# title: not a heading\nclass Value: ...\n")


def test_an_outcome_of_an_unknown_case_is_rejected() -> None:
    with pytest.raises(ValueError, match="rules/sums"):
        expand(read_header(with_outcomes(SOURCE, "# error: rules/sums@*\n")), CASES)


def test_outcomes_mark_blocked_cases_and_omit_conventions() -> None:
    broken = make_case("sum", Verdict.WRONG_VALUE)
    report = make_report(
        make_suite("rules", broken, make_case("product")),
        make_suite("composite", _blocked("neuron")),
        make_suite("conventions", make_case("second-backward", Verdict.ERROR)),
    )
    assert outcomes_of(report) == {"rules/sum": "wrong_value", "composite/neuron": "blocked"}


def test_the_table_separates_failing_from_charged_cases() -> None:
    def grading(sum_: Verdict, path: Verdict, composite: CaseReport) -> Report:
        return make_report(
            make_suite("rules", make_case("sum", sum_), make_case("idle"), points=20),
            make_suite("order", make_case("path", path), points=10),
            make_suite("composite", composite, points=5),
            make_suite("robustness", make_case("deep", path), points=0),
        )

    ok, wrong = Verdict.PASSED, Verdict.WRONG_GRADIENT
    table = tabulate(
        {
            "assigns": grading(wrong, wrong, _blocked("neuron")),
            "early": grading(ok, wrong, make_case("neuron")),
            "right": grading(ok, ok, make_case("neuron")),
        }
    )
    figures = {row.suite: (row.failing, row.charged, row.alone) for row in table.rows}
    assert figures == {
        "rules": (1, 1, 0),
        "order": (2, 2, 1),
        "composite": (1, 0, 0),
        "robustness": (2, 2, 0),
    }
    assert table.lonely == {"early": "order/path"}
    assert table.idle == ("rules/idle",)
    assert table.survivors == ("right",)


def test_points_lost_are_the_maximum_minus_the_score() -> None:
    assert (
        points_lost(make_report(make_suite("rules", make_case("a"), make_case("b", Verdict.ERROR))))
        == 40
    )


def test_an_endless_loop_ends_after_the_same_number_of_rounds() -> None:
    clock = Clock()
    for _ in range(100_000):
        clock.tick()
    with pytest.raises(EndlessError):
        clock.tick()


def _blocked(case: str) -> CaseReport:
    return make_case(case, Verdict.WRONG_VALUE, blocked_by=("addition",))


def test_a_counterexample_is_proved_by_its_own_file_a_right_engine_and_exact_numbers() -> None:
    interface = Interface(class_name="Node", data="val", grad="slope", backward="run()")
    source = engine("wrong/m01_assigns_everywhere")
    for old, new in (("Value", "Node"), ("data", "val"), ("grad", "slope"), ("backward", "run")):
        source = re.sub(rf"\b{old}\b", new, source)
    program = "import math\nx = Node(3)\nL = x + x\nL.run()\nassert math.isclose(x.slope, 2)"
    found = make_counterexample(program=program)
    report = replace(
        make_report(make_suite("rules", make_case())), interface=interface, counterexample=found
    )
    assert prove("a", report, source, {}).holds
    x, result = found.graph.nodes
    wrong = replace(x, expected=replace(x.expected, grad=3.0))
    assert not is_exact(make_counterexample(wrong, result))
    unfair = replace(found, program=program.replace("2)", "3)"))
    proof = prove("a", replace(report, counterexample=unfair), source, {})
    assert (proof.fails, proof.passes, proof.holds) == (True, False, False)
    harmless = replace(found, program=program.replace("x.slope, 2", "L.val, 6"))
    assert not prove("a", replace(report, counterexample=harmless), source, {}).fails
    lines = write_proofs([proof], 2)
    assert lines[0] == "Counterexamples: 1 of 2 engines with wrong numbers"
    assert "Proof(name='a'" in lines[-1]


def test_each_figure_below_its_floor_is_named() -> None:
    def row(exact: int, *failing: str) -> Row:
        claims = {name: name not in failing for name in ("one", "other")}
        made = Row(engines=100, exact={1: exact})
        for name, held in claims.items():
            hold_out(made, name, held)
        return made

    proof = Proof(name="a", operations=1, mistakes=1, fails=True, passes=None, exact=True)
    fine = Figures(corpus=row(99), styles=row(85), mutants=row(95), claims=(), proofs=[proof])
    assert list(find_missed(fine)) == []
    poor = Figures(
        corpus=row(98, "one"),
        styles=row(84),
        mutants=row(94),
        claims=["right"],
        proofs=[proof, replace(proof, exact=False)],
    )
    assert list(find_missed(poor)) == [
        "wrong engines: 98.0% are explained, at least 99%",
        "wrong engines: 1 of 2 claims fail on an unseen graph",
        "mutants: 94.0% are explained, at least 95%",
        "wrong engines in other styles: 84.0% are explained, at least 85%",
        "claims about engines without a mistake: 1",
        "counterexamples that don't hold: 1 of 2",
    ]


def test_a_diagnosis_without_figures_of_its_own_must_be_exact_to_count() -> None:
    suite = make_suite("rules", make_case("sum", Verdict.WRONG_GRADIENT))
    reports = {
        name: replace(make_report(suite), diagnoses=(make_diagnosis(exact=exact, predicts=(0, 0)),))
        for name, exact in (("one", True), ("other", False))
    }
    found = count(reports, {"one": True})
    assert (found.exact, found.partly, found.held_out, found.claims) == ({1: 1}, ["other"], 1, 1)
