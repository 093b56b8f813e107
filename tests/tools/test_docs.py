"""What the documentation shows is what the program does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import cli

ROOT = Path(__file__).parents[2]
JUDGING = ROOT / "docs" / "judging.md"


def check(engine: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["check", str(ROOT / engine), "--json"])
    report: dict[str, Any] = json.loads(result.stdout)
    return report


@pytest.mark.sandbox
def test_the_case_that_judging_follows_step_by_step_is_graded_as_it_says() -> None:
    text = JUDGING.read_text(encoding="utf-8")
    engine = "tests/students/wrong/m01_assigns_everywhere.py"
    report = check(engine)
    assert f"`{engine}`. It gets {report['score']:.2f} of {report['max_score']:g} points" in text
    cases = {f"{s['name']}/{case['id']}": case for s in report["suites"] for case in s["cases"]}
    case = cases["reuse/product-twice@2"]
    assert case["message"] == "x.grad is -0.7, expected -1.4."
    for line in case["program"].splitlines():
        assert f"    {line}\n" in text
    for one in case["checks"]:
        number = f"`{one['node']}.{one['quantity']}`"
        result = "passed" if one["passed"] else "failed"
        shown = (one["expected"], one["actual"], f"{one['error']:.2g}", f"{one['tolerance']:.2g}")
        assert f"| {number} | {' | '.join(map(str, shown))} | {result} |" in text


@pytest.mark.sandbox
def test_the_ledger_that_judging_explains_is_the_one_that_is_given() -> None:
    text = JUDGING.read_text(encoding="utf-8")
    report = check("tests/students/wrong/m27_tanh_from_x.py")
    assert f"{report['score']:.2f} of {report['max_score']:g} points." in " ".join(text.split())
    for line in report["ledger"]:
        row = f"| {line['suite']} | {line['cause']} | {line['tests']} | −{line['points']:.2f} |"
        assert row in text
