"""Gradings whose diagnoses are then asked to predict graphs that no search has seen."""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

from tests.strength.diagnosis import find_claim, held_out_questions, predicts_all
from tests.strength.grading import grade_all
from worker.grading import grade as grade_module
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.diagnosis.observations import Judged
from worker.grading.explain import explain
from worker.grading.precision import Loss
from worker.grading.sessions import Run
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.sandbox.host.outcome import Limits, Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A grading, and whether its claim predicts graphs that weren't seen; None without a claim."""

    report: Report
    held_out: bool | None


def grade_and_hold_out(source: str, sandbox: Sandbox) -> Graded:
    """Grades a file over all suites, and tries its diagnoses on other graphs."""
    found: list[Findings] = []

    def note(run: Run, judged: Judged, loss: Loss | None) -> Findings:
        found.append(explain(run, judged, loss))
        return found[-1]

    with patch.object(grade_module, "explain", note):
        report = grade_all(source, sandbox)
    model = find_claim(found[-1]) if found else None
    if model is None:
        return Graded(report=report, held_out=None)
    with sandbox.session(source, Limits()) as session:
        is_loaded = isinstance(session.load(), Loaded)
        outcomes = list(session.run_all(held_out_questions())) if is_loaded else []
    return Graded(report=report, held_out=predicts_all(model, outcomes))
