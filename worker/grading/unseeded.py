"""What a case is worth if backward never sets the output's own gradient to 1."""

from __future__ import annotations

import dataclasses

from worker.graph.steps import Update
from worker.report.model import CaseReport, Quantity, Verdict
from worker.suites.cases import Case, Kind
from worker.suites.rules import SEED

HALF = 0.5
RIGHT_ONCE_SEEDED = "Right once {}.grad is 1: backward() never sets the output's own gradient."


def charge_for_seed(case: Case, report: CaseReport) -> CaseReport:
    """Returns the report of a case whose output's gradient was set in place of the engine.

    A case that is right only because of that earns half of its points. One that establishes that
    very rule earns none. The report stays as it is if the case is wrong, if it needs no gradient
    but 0, and if any answer passes.
    """
    needs_gradient = any(
        due.quantity is Quantity.GRAD and due.expected != 0 for due in case.expectations
    ) or any(isinstance(step, Update) for step in case.graph.steps)
    outputs = case.graph.outputs
    if not (report.passed and outputs and needs_gradient) or case.kind is Kind.CONVENTION:
        return report
    names = {node: name for name, node in case.graph.names.items()}
    return dataclasses.replace(
        report,
        verdict=Verdict.WRONG_GRADIENT,
        message=RIGHT_ONCE_SEEDED.format(names.get(outputs[0], "the output")),
        credit=0.0 if case.establishes == SEED else HALF,
    )
