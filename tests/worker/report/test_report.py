"""The report as JSON."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from tests.support import factories
from tests.support.factories import make_case, make_diagnosis, make_suite
from tests.support.stored import REPORTS, stored_report
from worker.report.json import report_from_json, to_json
from worker.report.model import (
    CaseReport,
    Check,
    Cost,
    Interface,
    LedgerLine,
    Precision,
    PrecisionKind,
    Problem,
    ProblemKind,
    Provenance,
    Quantity,
    Report,
    SuiteReport,
    Verdict,
)
from worker.report.numbers import show, show_point
from worker.report.upgrade import upgrade_title
from worker.suites import catalogue


def make_report(*verdicts: Verdict) -> Report:
    check = Check(
        node="x",
        quantity=Quantity.GRAD,
        expected=math.inf,
        actual=-math.inf,
        error=math.nan,
        tolerance=0.0,
        passed=False,
    )
    cases = tuple(
        CaseReport(
            id=f"case-{number}",
            title="T",
            graph="case",
            graph_title="T",
            topic="T",
            verdict=verdict,
            message="",
            program="",
            checks=(check,),
        )
        for number, verdict in enumerate(verdicts)
    )
    suite = SuiteReport(name="s", title="S", score=1.0, max_score=2.0, cases=cases)
    provenance = Provenance(
        suite_versions={"s": "1"},
        seed=7,
        engine_version="1",
        python="3.11.7",
        sandbox_layers=("seccomp",),
        seconds=0.1,
    )
    return Report(score=1.0, max_score=2.0, suites=(suite,), provenance=provenance)


def test_a_report_is_plain_json_in_which_what_is_not_finite_is_spelled() -> None:
    body = json.loads(json.dumps(to_json(make_report(Verdict.PASSED)), allow_nan=False))
    assert body["schema"] == 2
    assert body["problem"] is None
    assert (body["diagnoses"], body["counterexample"]) == ([], None)
    assert body["provenance"]["sandbox_layers"] == ["seccomp"]
    assert body["suites"][0]["cases"][0]["checks"][0] == {
        "node": "x",
        "quantity": "grad",
        "expected": "inf",
        "actual": "-inf",
        "error": "nan",
        "tolerance": 0.0,
        "passed": False,
    }


def rich_report() -> Report:
    """A report in which every field has a value of its own."""
    interface = Interface(
        class_name="A",
        data="v",
        grad="g",
        backward="b()",
        unseeded=True,
        warning="b() never sets the output's own gradient.",
        notes=("No numpy.",),
    )
    problem = Problem(
        kind=ProblemKind.SYNTAX_ERROR, message="m", line=2, column=3, source_line="x = ("
    )
    check = Check("x", Quantity.DATA, 1.0, None, None, 1e-12, False)
    case = make_case(
        "chain@2",
        Verdict.ERROR,
        title="A chain: n sums, at n = 100, x = inf",
        graph_title="A chain: n sums",
        point={"n": 100, "x": math.inf},
        size=100,
        rule="addition",
        blocked_by=("power",),
        counts=False,
        cost=Cost(cpu_seconds=0.1, memory_bytes=5),
        checks=(check,),
    )
    return factories.make_report(
        make_suite("rules", case, make_case(by_precision=True)),
        problem=problem,
        precision=Precision(kind=PrecisionKind.ROUNDED, message="p", digits=4, accepted=True),
        interface=interface,
        stdout="out",
        stderr="err",
    )


def test_a_report_survives_json() -> None:
    report = rich_report()
    stored = json.loads(json.dumps(to_json(report), allow_nan=False))
    assert report_from_json(stored) == report
    assert to_json(report_from_json(stored)) == stored


@pytest.mark.parametrize("name", REPORTS)
def test_a_stored_report_of_schema_1_becomes_one_of_schema_2(name: str) -> None:
    stored = stored_report(name)
    assert stored["schema"] == 1
    current = to_json(report_from_json(stored))
    assert current["schema"] == 2
    assert current["score"] == stored["score"]
    for before, after in zip(stored["suites"], current["suites"], strict=True):
        for old, new in zip(before["cases"], after["cases"], strict=True):
            if old.get("cost"):
                old["cost"] |= {"calls": None, "nodes": None}  # not counted then
            assert {key: new[key] for key in old} == old
            assert new["title"] == ", at ".join(
                filter(None, (new["graph_title"], show_point(new["point"])))
            )
            assert new["graph"] == old["id"].partition("@")[0]
    titles = {case["title"]: case for suite in current["suites"] for case in suite["cases"]}
    chain = titles["A chain: tanh of tanh of tanh, n times, at n = 200"]
    assert (chain["topic"], chain["point"]) == ("A chain", {"n": 200})
    assert chain["size"] == (None if name == "unloadable" else 200)
    (first, *_) = [case for case in titles.values() if case["topic"] == "A random graph"]
    assert first["title"] == f"A random graph of {first['size']} nodes"


def test_fields_that_a_newer_version_added_are_ignored() -> None:
    stored = to_json(rich_report())
    for part in ("problem", "interface", "provenance"):
        stored[part]["new"] = 1
    stored["suites"][0]["cases"][0]["cost"]["new"] = 1
    stored["suites"][0]["cases"][0]["new"] = stored["suites"][0]["new"] = stored["new"] = 1
    assert report_from_json(stored) == rich_report()


def test_a_newer_schema_is_an_error() -> None:
    with pytest.raises(ValueError, match="schema 3 is newer"):
        report_from_json(to_json(rich_report()) | {"schema": 3})


@pytest.mark.parametrize(
    ("title", "graph_title", "point"),
    [
        ("A sum, at a = 3, b = -0.5", "A sum", {"a": 3, "b": -0.5}),
        ("At once, at last, at x = inf", "At once, at last", {"x": "inf"}),
        ("A graph: L = x", "A graph: L = x", {}),
        (", at x = 1", ", at x = 1", {}),
    ],
)
def test_a_title_of_schema_1_is_split_at_its_point(
    title: str, graph_title: str, point: dict[str, float | str]
) -> None:
    fields = upgrade_title(title, has_point=True)
    assert (fields["graph_title"], fields["point"]) == (graph_title, point)


@pytest.mark.parametrize("name", REPORTS)
def test_the_fields_of_an_upgraded_report_are_those_of_a_new_one(name: str) -> None:
    stored = report_from_json(stored_report(name))
    compared = 0
    for suite in stored.suites:
        if suite.name == "random":
            continue  # its graphs depend on the seed
        now = {case.id: case for case in catalogue.load(suite.name).cases}
        for case in suite.cases:
            if case.id in now and case.title == now[case.id].title:
                expected = now[case.id]
                compared += 1
                assert (case.graph, case.graph_title, case.topic, case.point) == (
                    expected.graph_id,
                    expected.graph_title,
                    expected.topic,
                    expected.point,
                )
                assert case.size == expected.size or name == "unloadable"  # nothing was measured
    assert compared > 50  # others have moved to another suite or changed since


@pytest.mark.parametrize(
    ("number", "text"),
    [(8.0, "8"), (-0.5, "-0.5"), (0.1, "0.1"), (1e300, "1e+300"), (3, "3"), (math.nan, "nan")],
)
def test_numbers_are_shown_as_short_as_they_read_back(number: float, text: str) -> None:
    assert show(number) == text


def test_a_ledger_and_the_credit_of_each_test_survive_being_stored() -> None:
    report = make_report(Verdict.WRONG_GRADIENT, Verdict.PASSED)
    first, second = report.suites[0].cases
    suite = dataclasses.replace(
        report.suites[0], cases=(dataclasses.replace(first, credit=0.5), second)
    )
    line = LedgerLine(suite="s", cause="multiplication", tests=1, points=0.5)
    report = dataclasses.replace(report, suites=(suite,), ledger=(line,))
    again = report_from_json(json.loads(json.dumps(to_json(report))))
    assert again.ledger == (line,)
    assert [case.credit for case in again.suites[0].cases] == [0.5, None]
    assert [case.earned for case in again.suites[0].cases] == [0.5, 1.0]


def test_a_report_from_before_the_ledger_has_none() -> None:
    stored = to_json(make_report(Verdict.PASSED))
    del stored["ledger"]
    assert report_from_json(stored).ledger is None


def test_a_report_from_before_the_ledger_has_the_first_scheme_of_marking() -> None:
    stored = to_json(make_report(Verdict.PASSED))
    del stored["provenance"]["marking"]
    assert report_from_json(stored).provenance.marking == 1


def test_diagnoses_come_back_and_older_reports_have_none() -> None:
    found = make_diagnosis(alike=("formula",))
    bare = dataclasses.replace(found, formula=None)
    report = dataclasses.replace(make_report(), diagnoses=(found, bare), signature="abc")
    body = json.loads(json.dumps(to_json(report)))
    assert body["diagnoses"][0]["formula"]["yours"] == "1 - t"
    assert report_from_json(body) == report
    del body["diagnoses"], body["signature"]
    older = report_from_json(body)
    assert (older.diagnoses, older.signature) == ((), "")
