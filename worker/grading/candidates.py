"""Graphs that may show a mistake, and what an engine's answers to them say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.grading.small_graphs import find_used, list_variants
from worker.graph import Graph, Leaf, Question
from worker.reference.engine import Evaluation
from worker.report.model import ABSOLUTE, RELATIVE, Check, Quantity, Verdict, is_close
from worker.sandbox.host.outcome import PLAIN, Failure, Observation
from worker.suites.cases import Case

Due = frozenset[tuple[int, Quantity]]
Shown = tuple["Candidate", tuple[Check, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A graph that may show the mistake, and its verdict if it does.

    `due` are the numbers that every engine has. Without `seeds`, it must set the output's own
    gradient itself.
    """

    graph: Graph
    right: Evaluation
    verdict: Verdict
    due: Due
    seeds: bool = True

    @property
    def question(self) -> Question:
        """The graph, with both numbers of every node that has a name."""
        nodes = sorted(self.graph.names.values())
        return Question(
            graph=self.graph,
            reads=[(node, part) for node in nodes for part in Quantity],
            seeds=self.seeds,
        )


def find_due(case: Case) -> Due:
    """Returns the numbers of a case's graph that every correct engine has.

    Many engines keep no gradients of results, so only those are due that the case reads.
    """
    used = find_used(case.graph, case.graph.outputs[0])
    read = {(one.node, one.quantity) for one in case.expectations if not one.optional}
    return frozenset(read | list_due(case.graph, used))


def list_due(graph: Graph, nodes: frozenset[int]) -> set[tuple[int, Quantity]]:
    """Returns the gradients of the leaves and the values of the results among these nodes."""
    steps = graph.nodes
    return {
        (node, Quantity.GRAD if isinstance(steps[node], Leaf) else Quantity.DATA) for node in nodes
    }


def compare_all(candidate: Candidate, outcome: Observation | Failure) -> tuple[Check, ...]:
    """Compares all numbers that were read, values first; nothing if they can't be compared."""
    reads = candidate.question.reads
    if isinstance(outcome, Failure) or len(outcome.numbers) != len(reads):
        return ()
    if not PLAIN.issuperset(map(type, outcome.numbers)):
        return ()
    names = {node: name for name, node in candidate.graph.names.items()}
    checks = []
    for (node, quantity), actual in zip(reads, outcome.numbers, strict=True):
        right = candidate.right.data if quantity is Quantity.DATA else candidate.right.grad
        expected = float(right[node])
        error = None if actual is None else abs(actual - expected)
        passed = actual is not None and is_close(actual, expected)
        tolerance = max(RELATIVE * abs(expected), ABSOLUTE)
        checks.append(Check(names[node], quantity, expected, actual, error, tolerance, passed))
    return tuple(sorted(checks, key=lambda check: check.quantity is Quantity.GRAD))


def vary(graph: Graph, verdict: Verdict, due: Due) -> Iterator[Candidate]:
    """Yields a graph with several sets of numbers, round ones first."""
    for made, right in list_variants(graph):
        yield Candidate(graph=made, right=right, verdict=verdict, due=due)


def find_first(
    candidates: Sequence[Candidate], outcomes: Sequence[Observation | Failure]
) -> Shown | None:
    """Returns the first graph that fails as it should, with its comparisons."""
    for candidate, outcome in zip(candidates, outcomes, strict=False):
        checks = compare_all(candidate, outcome)
        if find_verdict(candidate, checks) is candidate.verdict:
            return candidate, checks
    return None


def select_asserted(candidate: Candidate, checks: Sequence[Check]) -> tuple[Check, ...]:
    """Returns the comparisons that decide. The value of a leaf is one only if it is wrong."""
    nodes, names = candidate.graph.nodes, candidate.graph.names
    return tuple(
        check
        for check in checks
        if (names[check.node], check.quantity) in candidate.due
        if check.quantity is Quantity.GRAD
        or not check.passed
        or not isinstance(nodes[names[check.node]], Leaf)
    )


def find_verdict(candidate: Candidate, checks: Sequence[Check]) -> Verdict:
    """Returns the verdict on these comparisons: values before gradients."""
    wrong = {check.quantity for check in select_asserted(candidate, checks) if not check.passed}
    if Quantity.DATA in wrong:
        return Verdict.WRONG_VALUE
    return Verdict.WRONG_GRADIENT if wrong else Verdict.PASSED


def agree(once: Sequence[Check], again: Sequence[Check]) -> bool:
    """Whether two runs gave the same numbers."""
    return len(once) == len(again) and all(
        first.actual is second.actual
        if first.actual is None or second.actual is None
        else is_close(first.actual, second.actual) or repr(first.actual) == repr(second.actual)
        for first, second in zip(once, again, strict=True)
    )
