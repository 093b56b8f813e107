"""The hook of diagnosis in a grading: it never costs points, and a right engine pays nothing."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.students import engine
from tests.worker.grading.touchy import RIGHT, run
from worker.grading import explain
from worker.sandbox import Limits, Sandbox, Session
from worker.suites.catalogue import load

FUNCTIONS, REUSE = load("functions"), load("reuse")
WRONG = engine("wrong/m27_tanh_not_squared")
SESSIONS = 2  # of a grading: the cases in one order, then the diagnosis
OF_COUNTEREXAMPLE = 2  # more
FIRST_OF_DIAGNOSIS = "3.1"  # no graded test of these suites has this number


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


def at_the_first_question(statement: str) -> str:
    """The wrong engine, which also does this when diagnosis begins."""
    head, line, rest = WRONG.partition("        self.data = data\n")
    assert line
    return f"{head}{line}        if data == {FIRST_OF_DIAGNOSIS}:\n            {statement}\n{rest}"


def test_a_wrong_engine_gets_its_diagnosis(sandbox: Sandbox) -> None:
    report = run(sandbox, WRONG, FUNCTIONS, REUSE)
    (found,) = report.diagnoses
    assert (found.misconception, found.number, found.exact) == ("tanh-slope", 27, True)
    assert all(name.startswith("functions/") for name in found.evidence)
    assert found.predicts[0] == found.predicts[1] > 0


def test_a_right_engine_is_asked_nothing_more(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain, "list_questions", lambda: pytest.fail("it was asked"))
    report = run(sandbox, RIGHT, REUSE)
    assert (report.diagnoses, report.signature) == ((), "")


def test_a_file_that_cannot_be_loaded_has_no_diagnosis(sandbox: Sandbox) -> None:
    assert run(sandbox, "class Value", REUSE).diagnoses == ()


def test_single_precision_is_the_one_message(sandbox: Sandbox) -> None:
    report = run(sandbox, engine("single/packed_data"), FUNCTIONS, REUSE)
    assert report.precision is not None
    assert (report.diagnoses, report.signature) == ((), "")


def test_a_mistake_beside_single_precision_has_its_diagnosis(sandbox: Sandbox) -> None:
    single = engine("single/packed_data")
    wrong = single.replace("1 - t * t", "1 - t")
    assert wrong != single
    report = run(sandbox, wrong, FUNCTIONS, REUSE)
    assert report.precision is not None
    (found,) = report.diagnoses
    assert (found.misconception, found.exact) == ("tanh-slope", True)
    assert (len(report.signature), report.counterexample) == (16, None)  # tanh has no short number
    report = run(sandbox, single.replace("+=", "="), FUNCTIONS, REUSE)
    assert [one.misconception for one in report.diagnoses] == ["assigns"]
    assert report.counterexample is not None
    assert "L = x + x" in report.counterexample.program


@pytest.mark.parametrize(("digits", "mistakes"), [(5, ["tanh-slope"]), (3, [])])
def test_a_mistake_beside_rounding_explains_only_a_part(
    digits: int, mistakes: list[str], sandbox: Sandbox
) -> None:
    rounding = WRONG.replace("self.data = data", f"self.data = round(data, {digits})")
    report = run(sandbox, rounding, FUNCTIONS, REUSE)
    assert report.precision is not None
    assert [(one.misconception, one.exact) for one in report.diagnoses] == [
        (name, False) for name in mistakes
    ]
    assert len(report.signature) == 16


@pytest.mark.parametrize(
    "statement", ["import os; os._exit(1)", "while True: pass", "raise MemoryError"]
)
def test_an_engine_that_ends_its_session_keeps_its_score(statement: str, sandbox: Sandbox) -> None:
    right, ended = (
        run(sandbox, source, FUNCTIONS) for source in (WRONG, at_the_first_question(statement))
    )
    assert ended.score == right.score
    assert ended.suites == right.suites


class Fragile(Sandbox):
    """A sandbox whose zygote is killed as soon as the session of the diagnosis is open."""

    opened = 0

    def session(self, *arguments: Any, **options: Any) -> Session:
        made = super().session(*arguments, **options)
        self.opened += 1
        if self.opened == SESSIONS:
            os.kill(self.zygote_pid, signal.SIGKILL)
        return made


def test_a_diagnosis_survives_a_killed_zygote(caplog: pytest.LogCaptureFixture) -> None:
    with Fragile() as fragile:
        report = run(fragile, WRONG, FUNCTIONS, REUSE)
    assert fragile.opened == SESSIONS + 1 + OF_COUNTEREXAMPLE
    assert [found.misconception for found in report.diagnoses] == ["tanh-slope"]
    assert "asking again for a diagnosis" in caplog.text


def test_without_budget_there_is_no_diagnosis(sandbox: Sandbox) -> None:
    plenty = run(sandbox, WRONG, FUNCTIONS)
    limits = Limits(failure_cpu_seconds=0.25)
    report = run(sandbox, WRONG, FUNCTIONS, limits=limits)
    assert report.score == plenty.score
    assert report.diagnoses == ()


def test_an_error_of_ours_is_logged_and_costs_the_diagnosis_alone(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("ours")

    expected = run(sandbox, WRONG, FUNCTIONS)
    monkeypatch.setattr(explain, "diagnose", fail)
    with caplog.at_level(logging.ERROR):
        report = run(sandbox, WRONG, FUNCTIONS)
    assert report.score == expected.score
    assert report.diagnoses == ()
    assert "a diagnosis failed" in caplog.text


def test_the_same_file_gets_the_same_diagnosis(sandbox: Sandbox) -> None:
    one, other = (run(sandbox, WRONG, FUNCTIONS, REUSE) for _ in range(2))
    assert (one.diagnoses, one.signature) == (other.diagnoses, other.signature)
