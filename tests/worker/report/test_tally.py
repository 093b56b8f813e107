"""The tally: which cases count, and which of them failed."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.support.factories import make_case, make_diagnosis, make_report, make_suite
from worker.report.model import Summary, Verdict
from worker.report.tally import Failure, Tally

FAR_OUT = Failure("Far out", "Far out: L = tanh(x)", None)


def tally_of(report: Summary) -> Tally:
    """The tally as it is stored and read."""
    return Tally.from_json(json.loads(json.dumps(Tally.of(report).to_json())))


def test_a_tally_has_the_cases_in_their_order_and_what_the_failing_ones_ask() -> None:
    tanh = make_case("tanh@2", Verdict.ERROR, title="Far out: L = tanh(x), at x = 3")
    graph = make_case(
        "graph", Verdict.ERROR, title="A random graph of 9 nodes", topic="A random graph", size=9
    )
    report = make_report(
        make_suite("rules", make_case("sum"), tanh, make_case("log")), make_suite("random", graph)
    )
    tally = tally_of(report)
    assert tally.suites == {
        "rules": {"sum": None, "tanh@2": FAR_OUT, "log": None},
        "random": {"graph": Failure("A random graph", "A random graph of 9 nodes", 9)},
    }
    assert list(tally.suites["rules"]) == ["sum", "tanh@2", "log"]


def test_a_tally_has_no_case_that_does_not_count_or_gives_no_points() -> None:
    blocked = make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication",))
    lucky = make_case("lucky", counts=False)
    unmarked = make_suite("robustness", make_case("deep", Verdict.ERROR), points=0.0)
    report = make_report(make_suite("rules", make_case("sum"), blocked, lucky), unmarked)
    assert tally_of(report).suites == {"rules": {"sum": None}}


def test_a_tally_of_titles_alone_is_read_too() -> None:
    stored = {
        "rules": {"sum": None, "tanh@2": "Far out: L = tanh(x), at x = 3", "odd": "Odd, at last"},
        "version": {"graph-1": "A random graph of 12 nodes"},  # a suite may have any name
    }
    assert Tally.from_json(stored).suites == {
        "rules": {
            "sum": None,
            "tanh@2": FAR_OUT,
            "odd": Failure("Odd, at last", "Odd, at last", None),
        },
        "version": {"graph-1": Failure("A random graph", "A random graph of 12 nodes", 12)},
    }


def test_a_tally_has_the_diagnoses_or_else_the_signature() -> None:
    found = make_diagnosis(misconception="assigns")
    report = replace(make_report(make_suite("rules", make_case("sum"))), signature="abc")
    assert (tally_of(report).diagnoses, tally_of(report).signature) == ((), "abc")
    known = tally_of(replace(report, diagnoses=(found,)))
    assert (known.diagnoses, known.signature) == (("assigns",), "")
    assert known.titles == ("The slope of tanh is wrong",)
    third = {"version": 3, "suites": {}, "diagnoses": ["assigns"], "signature": ""}
    assert Tally.from_json(third) == Tally({}, diagnoses=("assigns",))
    second = {"version": 2, "suites": {}}
    assert Tally.from_json(second) == Tally({})
