"""A report in which everything that a feedback level may hide can be searched for."""

from __future__ import annotations

from dataclasses import replace

from service.courses.models import Feedback
from tests.support.factories import (
    make_case,
    make_counterexample,
    make_diagnosis,
    make_report,
    make_suite,
)
from worker.report.model import (
    Check,
    Cost,
    Interface,
    LedgerLine,
    Precision,
    PrecisionKind,
    Quantity,
    Report,
    Verdict,
)

# What only level `full` shows: expected numbers, errors, tolerances, causes, diagnoses.
SECRETS = (
    "71.125", "72.25", "73.375", "0.0625", "0.03125", "74.5", "75.625", "76.75",
    "secret-rule-79", "Secret-rule-79 has", "tanh-slope", "The slope of tanh", "almost flat",
    "Its gradient is 1 - t", "1 - t**2", "A small graph", "too few digits", "Rounded away",
    "Never seeded", "Fix this first", "should be", "expected", "signature-77",
)  # fmt: skip
INPUTS = ("x = Value(31.5)", "The product of 31.5 and 32.5", "The sum of 33.5 and 34.5")
OWN = ("81.125", "82.25", "boom-84", "printed-85")  # numbers, a message and output of the engine
SCORE = "45.67"


def hidden_at(feedback: Feedback) -> list[str]:
    """What must be nowhere if students see this much."""
    hidden = [] if feedback is Feedback.FULL else [*SECRETS]
    if feedback in {Feedback.SCORE, Feedback.NOTHING_UNTIL_DEADLINE}:
        hidden += [*INPUTS, *OWN]
    return [*hidden, SCORE] if feedback is Feedback.NOTHING_UNTIL_DEADLINE else hidden


def make_secret_report() -> Report:
    """A report of 45.67 of 100 points."""
    data = Check("L", Quantity.DATA, 71.125, 81.125, 0.0625, 0.03125, False)
    grad = Check("x", Quantity.GRAD, 72.25, 82.25, 0.0625, 0.03125, False)
    program = (
        "x = Value(31.5)\ny = Value(32.5)\nL = x * y\nL.backward()\n"
        "assert L.data == 71.125, L.data\nassert abs(x.grad - 72.25) <= 0.03125, x.grad"
    )
    wrong = make_case(
        "product",
        Verdict.WRONG_VALUE,
        title="The product of 31.5 and 32.5",
        message="L.data is 81.125, expected 71.125.",
        program=program,
        checks=(data, grad),
        rule="secret-rule-79",
    )
    blocked = make_case(
        "neuron",
        Verdict.WRONG_GRADIENT,
        title="A neuron",
        message="x.grad is 82.25, expected 72.25.",
        program=program,
        checks=(grad,),
        blocked_by=("secret-rule-79",),
    )
    varied = make_case(
        "order",
        Verdict.NONDETERMINISTIC,
        title="An order",
        message="x.grad is 1 in one order and 2 in the other, expected 73.375.",
        checks=(grad._replace(expected=73.375),),
    )
    raised = make_case(
        "raised", Verdict.ERROR, title="It raises", message="ValueError: boom-84", checks=()
    )
    right = make_case("sum", title="The sum of 33.5 and 34.5")
    slow = make_case(
        "chain@5",
        title="A chain, at n = 5",
        graph="chain",
        point={"n": 5.0},
        size=5.0,
        cost=Cost(cpu_seconds=0.1, memory_bytes=2**20, calls=10, nodes=5),
    )
    graph = make_counterexample().graph
    node = replace(graph.nodes[0], expected=replace(graph.nodes[0].expected, grad=74.5))
    found = make_counterexample(
        graph=replace(graph, nodes=(node, *graph.nodes[1:])),
        program="x = Value(3)\nassert x.grad == 75.625",
        checks=(Check("x", Quantity.GRAD, 76.75, 1.0, 1.0, 2e-9, False),),
    )
    report = make_report(
        make_suite("rules", wrong, blocked, varied, raised, right),
        make_suite("robustness", slow, title="Robustness", points=20.0),
        ledger=(
            LedgerLine(suite="rules", cause="secret-rule-79", tests=2, points=30.0),
            LedgerLine(suite="rules", cause="Rules", tests=2, points=24.33),
        ),
        interface=Interface(
            class_name="Value",
            data="data",
            grad="grad",
            backward="backward()",
            unseeded=True,
            warning="Never seeded.",
            notes=("A note about the file.",),
        ),
        precision=Precision(kind=PrecisionKind.ROUNDED, message="Rounded away.", digits=3),
        diagnoses=(make_diagnosis(evidence=("rules/product",)),),
        signature="signature-77",
        counterexample=found,
        stdout="printed-85\n",
    )
    return replace(report, score=45.67)
