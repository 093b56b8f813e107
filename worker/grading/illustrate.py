"""Says what the first mistake does in the numbers of the counterexample, which is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from worker.grading.diagnosis.statements import describe_shortly, replace_quote
from worker.report.model import Counterexample, Diagnosis, SmallGraph, is_close
from worker.report.numbers import shorten


def illustrate(
    diagnoses: Sequence[Diagnosis], counterexample: Counterexample | None
) -> tuple[Diagnosis, ...]:
    """Returns the diagnoses. The first one quotes the counterexample instead of a test.

    Nothing changes without a counterexample, or for a mistake that shows in a message.
    """
    if not diagnoses or counterexample is None:
        return tuple(diagnoses)
    first, *others = diagnoses
    passed_on = None if others else _say_what_was_passed_on(counterexample.graph)
    sentence = passed_on or _quote(counterexample)
    if sentence is None:
        return tuple(diagnoses)
    text = replace_quote(first.explanation, f"In the small graph, {sentence}")
    return (replace(first, explanation=text), *others)


def _quote(counterexample: Counterexample) -> str | None:
    """A wrong number, of the node that is marked if it has one."""
    graph = counterexample.graph
    wrong = [check for check in counterexample.checks if not check.passed]
    marked = [check for check in wrong if check.node in (graph.shared, graph.first)]
    return next((describe_shortly(check) for check in (*marked, *wrong)), None)


def _say_what_was_passed_on(graph: SmallGraph) -> str | None:
    """What a shared result passed on, if its own gradient is another one at the end.

    An operand without other uses shows it: its slope is the share over the gradient passed on.
    """
    nodes = {node.name: node for node in graph.nodes}
    shared = nodes.get(graph.shared or "")
    if shared is None or not shared.expected.grad or shared.actual.grad is None:
        return None
    uses = Counter(operand for node in graph.nodes for operand in node.operands)
    alone = (nodes[name] for name in shared.operands if name in nodes and uses[name] == 1)
    for node in alone:
        if node.expected.grad and node.actual.grad is not None:
            passed_on = node.actual.grad * shared.expected.grad / node.expected.grad
            if not isfinite(passed_on) or is_close(passed_on, shared.actual.grad):
                return None
            sent, final = shorten(passed_on, shared.actual.grad)
            return f"{shared.name} passed on {sent} in all, but at the end its gradient is {final}."
    return None
