"""The report as JSON."""

from __future__ import annotations

import json
import math

import pytest

from worker.report.model import (
    CaseReport,
    Check,
    Provenance,
    Quantity,
    Report,
    SuiteReport,
    Verdict,
    show,
)


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
            id=f"case-{number}", title="T", verdict=verdict, message="", program="", checks=(check,)
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
    body = json.loads(json.dumps(make_report(Verdict.PASSED).to_json(), allow_nan=False))
    assert body["schema"] == 1
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


@pytest.mark.parametrize(
    ("number", "text"),
    [(8.0, "8"), (-0.5, "-0.5"), (0.1, "0.1"), (1e300, "1e+300"), (3, "3"), (math.nan, "nan")],
)
def test_numbers_are_shown_as_short_as_they_read_back(number: float, text: str) -> None:
    assert show(number) == text
