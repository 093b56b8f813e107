"""Counterexamples: small graphs whose programs fail outside the service, and pass once fixed."""

from __future__ import annotations

import logging
import math
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.students import engine
from tests.support.factories import make_diagnosis
from tests.worker.grading.touchy import run
from worker.grading import counterexample
from worker.grading import grade as grading
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.explain import ask
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.graph import parse
from worker.reference.engine import evaluate
from worker.report.json import report_from_json, to_json
from worker.report.model import Counterexample, NodeNumbers, Quantity
from worker.sandbox import Limits, Sandbox
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Suite
from worker.suites.catalogue import load
from worker.suites.format.reader import read_suite

NAMES = ("worked-example", "rules", "power", "operators", "numbers", "in-place", "functions")
SUITES = tuple(load(name) for name in (*NAMES, "reuse", "equal-numbers", "order"))
RIGHT = engine("right/closures")
TANH = "wrong/m27_tanh_from_x"
# With the usual names, so that an engine with these names is the same one without the mistake.
WRONG = (
    "m01_assigns_everywhere",
    "m02_assigns_in_exp",
    "m02_assigns_in_place_product",
    "m05_queue_without_order",
    "m17_negation_without_closure",
    "m24_n_missing",
    "m25_difference_is_a_sum",
    "m26_divisor_not_squared",
    "m28_sigmoid_lacks_a_factor",
    "m29_mask_always_true",
    "m31_constant_dropped",
    "m33_rsub_is_sub",
    "m34_rtruediv_swapped",
    "m44_iadd_in_place",
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


def find(sandbox: Sandbox, source: str) -> Counterexample | None:
    return run(sandbox, source, *SUITES).counterexample


def run_outside(folder: Path, source: str, program: str) -> subprocess.CompletedProcess[str]:
    """Runs a program next to a student's file, by a Python of its own."""
    folder.mkdir()
    (folder / "value.py").write_text(source, encoding="utf-8")
    (folder / "program.py").write_text(f"from value import Value\n{program}\n", encoding="utf-8")
    command = [sys.executable, "program.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", WRONG)
def test_the_program_fails_with_the_mistake_and_passes_without_it(
    name: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    source = engine(f"wrong/{name}")
    found = find(sandbox, source)
    assert found is not None
    assert 1 <= sum(node.operation != "leaf" for node in found.graph.nodes) <= 4
    assert not all(check.passed for check in found.checks)
    failed = run_outside(tmp_path / "wrong", source, found.program)
    assert "AssertionError" in failed.stderr
    passed = run_outside(tmp_path / "right", RIGHT, found.program)
    assert (passed.returncode, passed.stderr) == (0, "")


def test_numbers_are_round_and_each_node_has_the_right_ones_and_the_engines_own(
    sandbox: Sandbox,
) -> None:
    found = find(sandbox, engine("wrong/m01_assigns_everywhere"))
    assert found is not None
    x, result = found.graph.nodes
    assert (x.name, x.operation, x.operands, x.expected.data) == ("x", "leaf", (), 3)
    assert (result.operation, result.operands) == ("+", ("x", "x"))
    assert (x.expected.grad, x.actual.grad) == (2, 1)
    (wrong,) = [check for check in found.checks if not check.passed]
    assert (wrong.node, wrong.quantity, wrong.error) == ("x", Quantity.GRAD, 1)
    assert "assert math.isclose(x.grad, 2, rel_tol=1e-9, abs_tol=1e-12), x.grad" in found.program
    text = "\n".join(line for line in found.program.splitlines() if "math" not in line)
    right = evaluate(parse(text))
    assert right.data == tuple(node.expected.data for node in found.graph.nodes)
    assert right.grad == tuple(node.expected.grad for node in found.graph.nodes)


def test_an_operation_is_marked_for_a_wrong_slope_and_a_shared_node_for_the_order(
    sandbox: Sandbox,
) -> None:
    slope, order = (find(sandbox, engine(name)) for name in (TANH, "wrong/m03_naive_recursion"))
    assert slope is not None
    assert order is not None
    assert (slope.graph.first, slope.graph.shared) == ("x", None)
    uses = [one for node in order.graph.nodes for one in node.operands]
    assert order.graph.first is None
    assert order.graph.shared is not None
    assert uses.count(order.graph.shared) > 1


def test_the_program_has_the_students_own_names(sandbox: Sandbox) -> None:
    found = find(sandbox, engine("wrong/m39_equal_values_merge"))
    assert found is not None
    assert "Node(" in found.program
    assert ".backwards()" in found.program
    assert ".val," in found.program
    assert "Value(" not in found.program


def test_equal_numbers_stay_equal_where_the_mistake_needs_them(sandbox: Sandbox) -> None:
    found = find(sandbox, engine("wrong/m39_equal_values_merge"))
    assert found is not None
    numbers = [node.expected.data for node in found.graph.nodes]
    assert len(set(numbers)) < len(numbers)


def test_what_is_right_by_itself_is_no_counterexample(sandbox: Sandbox) -> None:
    assert find(sandbox, engine("wrong/m51_kept_from_the_last_graph")) is None


def test_a_sum_shows_that_backward_never_sets_the_gradient_of_the_output(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    source = engine("wrong/m12_never_seeded")
    found = find(sandbox, source)
    assert found is not None
    assert [(node.name, node.expected.grad, node.actual.grad) for node in found.graph.nodes] == [
        ("a", 1, 0),
        ("b", 1, 0),
        ("L", 1, 0),
    ]
    assert (found.graph.first, found.graph.shared) == ("L", None)
    assert "L.grad" not in found.program  # many right engines keep no gradients of results
    assert "AssertionError" in run_outside(tmp_path / "wrong", source, found.program).stderr
    assert run_outside(tmp_path / "right", RIGHT, found.program).returncode == 0


@pytest.mark.parametrize(
    ("method", "operation"), [("__add__", "*"), ("__mul__", "+")], ids=["no sum", "no product"]
)
def test_a_missing_seed_shows_in_the_operation_that_there_is(
    method: str, operation: str, sandbox: Sandbox
) -> None:
    source = f"{engine('wrong/m12_never_seeded')}\n\ndel Value.{method}\n"
    found = find(sandbox, source)
    assert found is not None
    assert found.graph.nodes[-1].operation == operation


def test_an_engine_whose_numbers_depend_on_chance_has_none(sandbox: Sandbox) -> None:
    dice = (
        "\n_plain = Value.__mul__\n_seen = []\n\n\ndef _drift(self, other):\n    _seen.append(1)\n"
    )
    dice += "    out = _plain(self, other)\n    out.data += len(_seen)\n    return out\n"
    source = f"{RIGHT}{dice}\n\nValue.__mul__ = _drift\n"
    assert find(sandbox, source) is None


def test_a_right_engine_is_asked_nothing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counterexample, "ask", lambda *_: pytest.fail("it was asked"))
    assert find(sandbox, RIGHT) is None


def test_a_file_that_cannot_be_loaded_has_none(sandbox: Sandbox) -> None:
    assert find(sandbox, "class Value") is None


def suite_with(*lines: str) -> Suite:
    """A suite with one test: this graph."""
    head = "# suite: large\n# title: T\n# version: 1\n# about: A.\n# weight: 1\n"
    case = "\n".join(["# case: c", "# title: T", *lines, "L.backward()\n"])
    return read_suite(f"{head}\n{case}", "large.suite")


def test_a_large_graph_is_made_small_if_no_small_one_shows_the_mistake(sandbox: Sandbox) -> None:
    lines = ["x = Value(2)", "a = x * 3", "b = a + 5", "c = b * 7", "d = c + 13", "L = d + x"]
    report = run(sandbox, engine("wrong/m01_assigns_everywhere"), suite_with(*lines))
    assert report.counterexample is not None
    x, result = report.counterexample.graph.nodes
    assert (result.operation, result.operands) == ("+", ("x", "x"))
    assert (x.expected, x.actual) == (NodeNumbers(data=3, grad=2), NodeNumbers(data=3, grad=1))


def test_a_graph_of_four_operations_is_made_smaller_if_it_can_be(sandbox: Sandbox) -> None:
    lines = ["x = Value(2)", "a = x * 3", "b = a.tanh()", "c = b + 7", "L = c * x"]
    report = run(sandbox, engine(TANH), suite_with(*lines))
    assert report.counterexample is not None
    assert [node.operation for node in report.counterexample.graph.nodes] == ["leaf", "tanh"]


@pytest.mark.parametrize("more", [(), ("e = d + 17", "L = e * 23")])
def test_a_graph_keeps_the_operations_that_the_mistake_needs(
    more: tuple[str, ...], sandbox: Sandbox
) -> None:
    lines = ["x = Value(2)", "a = x * 3", "b = a + 5", "c = b * 7", "d = c + 13", *more]
    lines[-1] = "L" + lines[-1][1:]
    report = run(sandbox, engine("wrong/m62_three_levels_only"), suite_with(*lines))
    assert report.counterexample is not None
    assert sum(node.operation != "leaf" for node in report.counterexample.graph.nodes) == 4


def test_tests_without_points_give_none(sandbox: Sandbox) -> None:
    selections = [Selection(suite=load(name), weight=0) for name in ("functions", "rules")]
    report = grade(engine(TANH), selections, sandbox, seed=7)
    assert any(not case.passed for suite in report.suites for case in suite.cases)
    assert report.counterexample is None


def test_a_graph_that_does_not_show_the_first_diagnosis_is_none(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Findings(diagnoses=(make_diagnosis(evidence=("rules/of-another-mistake",)),))
    monkeypatch.setattr(grading, "explain", lambda *_: other)
    assert find(sandbox, engine(TANH)) is None


def test_without_budget_there_is_none_and_the_score_stays(sandbox: Sandbox) -> None:
    plenty = run(sandbox, engine(TANH), *SUITES)
    poor = run(sandbox, engine(TANH), *SUITES, limits=Limits(failure_cpu_seconds=0.25))
    assert plenty.counterexample is not None
    assert (poor.counterexample, poor.score) == (None, plenty.score)


def test_an_error_of_ours_is_logged_and_costs_the_counterexample_alone(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(counterexample, "ask", fail)
    with caplog.at_level(logging.ERROR):
        report = run(sandbox, engine(TANH), *SUITES)
    assert report.counterexample is None
    assert report.diagnoses
    assert "a counterexample failed" in caplog.text


def test_it_asks_two_sessions_and_at_most_300_questions(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    plain = ask

    def count(owner: Any, questions: Sequence[Any], **options: Any) -> Any:
        asked.append(len(questions))
        return plain(owner, questions, **options)

    monkeypatch.setattr(counterexample, "ask", count)
    assert find(sandbox, engine("wrong/m01_assigns_everywhere")) is not None
    assert len(asked) == 2
    assert sum(asked) <= 300


@pytest.mark.parametrize("ending", ["another number", "a text", "too few", "no answer"])
def test_a_second_session_that_answers_otherwise_leaves_none(
    ending: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ask

    def differ(
        owner: Any, questions: Sequence[Any], *, reverse: bool = False
    ) -> Sequence[Observation | Failure]:
        outcomes = plain(owner, questions, reverse=reverse)
        if not reverse:
            return outcomes
        (outcome,) = outcomes
        assert isinstance(outcome, Observation)
        if ending == "another number":
            return [Observation((*outcome.numbers[:-1], math.pi))]
        if ending == "a text":
            return [Observation(("3",) * len(outcome.numbers))]  # type: ignore[arg-type]
        return [Observation(())] if ending == "too few" else []

    monkeypatch.setattr(counterexample, "ask", differ)
    assert find(sandbox, engine(TANH)) is None


def test_a_report_keeps_it_in_json(sandbox: Sandbox) -> None:
    report = run(sandbox, engine(TANH), *SUITES)
    assert report.counterexample is not None
    stored = to_json(report)
    assert stored["counterexample"]["graph"]["nodes"][0]["expected"].keys() == {"data", "grad"}
    assert report_from_json(stored) == report
    del stored["counterexample"]
    assert report_from_json(stored).counterexample is None
