"""Grades a student's file: runs suites in the sandbox and returns a report. Uses no database."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence

from worker.grading import marking
from worker.grading.both_orders import BothOrders
from worker.grading.budget import Budget
from worker.grading.counterexample import find_counterexample
from worker.grading.explain import explain
from worker.grading.illustrate import illustrate
from worker.grading.marking import Selection, score
from worker.grading.phases import Phases
from worker.grading.precision import is_lost
from worker.grading.sessions import Run
from worker.grading.spelling.speller import respell
from worker.reference.engine import ENGINE_VERSION
from worker.report.model import CaseReport, Provenance, Report
from worker.report.names import Names
from worker.sandbox import Sandbox
from worker.sandbox.host.outcome import Limits


def grade(
    source: str,
    selections: Sequence[Selection],
    sandbox: Sandbox,
    *,
    seed: int,
    limits: Limits | None = None,
    names: Names | None = None,
    require_double: bool = False,
    on_case: Callable[[CaseReport], None] | None = None,
    on_progress: Callable[[], None] | None = None,
    phases: Phases | None = None,
) -> Report:
    """Runs a student's file on every case of the selected suites.

    `on_case` is called with the report of each case as soon as it is known, and `on_progress` after
    each run of a case, including second runs. `names` are the names that an assignment asks for.
    Unless it requires double precision, single precision is accepted. `phases` gets the seconds
    of `load`, `run`, `judge` and `diagnose`.

    Mistakes of the student's code are in the report. An exception means that we failed.
    """
    started = time.monotonic()
    run = Run(
        source=source,
        sandbox=sandbox,
        names=names,
        on_progress=on_progress,
        phases=phases or Phases(),
        budget=Budget(
            limits=limits or Limits(),
            without_points=frozenset(
                id(case) for item in selections if not item.weight for case in item.suite.cases
            ),
        ),
    )
    orders = BothOrders(run=run, require_double=require_double, on_case=on_case)
    judged = orders.grade_all([item.suite for item in selections])
    suites, ledger = score(selections, judged, loaded=run.problem is None)
    names_of_suites = (item.suite.name for item in selections)
    pairs = zip(names_of_suites, judged, strict=True)
    # Too few digits explain wrong numbers better than any mistake.
    answers = [(name, *pair) for name, suite in pairs for pair in suite if not is_lost(pair[1])]
    findings = explain(run, answers, orders.loss)
    counterexample = find_counterexample(run, answers, findings, orders.loss)
    return Report(
        score=round(sum(suite.score for suite in suites), 9),
        max_score=round(sum(suite.max_score for suite in suites), 9),
        suites=respell(suites, run.interface),
        ledger=ledger,
        problem=run.problem,
        interface=run.interface,
        precision=orders.loss.precision if orders.loss else None,
        diagnoses=illustrate(findings.diagnoses, counterexample),
        signature=findings.signature,
        counterexample=counterexample,
        stdout=run.stdout,
        stderr=run.stderr,
        provenance=Provenance(
            suite_versions={item.suite.name: item.suite.version for item in selections},
            seed=seed,
            engine_version=ENGINE_VERSION,
            python=run.python or platform.python_version(),
            sandbox_layers=tuple(sandbox.layer_names),
            seconds=time.monotonic() - started,
            cpu_seconds=run.budget.cpu_seconds,
            marking=marking.VERSION,
        ),
    )
