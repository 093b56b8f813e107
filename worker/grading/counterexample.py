"""Finds a small graph on which an engine is wrong, and writes it as a program that shows it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.grading.blame import find_first_wrong, find_shared, is_about_operation, is_about_uses
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.observations import Judged
from worker.grading.diagnosis.simplicity import count_operations, find_level
from worker.grading.explain import ask
from worker.grading.sessions import Run
from worker.grading.small_graphs import (
    BEFORE,
    find_used,
    list_variants,
    name_all,
)
from worker.grading.spelling import respell_program
from worker.graph import Apply, Backward, Graph, Leaf, Question, Update
from worker.reference.engine import Evaluation
from worker.report.model import (
    ABSOLUTE,
    RELATIVE,
    Check,
    Counterexample,
    Diagnosis,
    GraphNode,
    NodeNumbers,
    Quantity,
    SmallGraph,
    Verdict,
    is_close,
    show,
)
from worker.sandbox.host.outcome import PLAIN, Failure, Observation
from worker.suites.cases import Case, Kind

log = logging.getLogger(__name__)

MOST_OPERATIONS = 4
MOST_CASES = 12  # that are tried, each with up to 11 sets of numbers
WRONG = (Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A graph that may show the mistake. `due` are the numbers that every engine has."""

    graph: Graph
    right: Evaluation
    verdict: Verdict
    due: frozenset[tuple[int, Quantity]]

    @property
    def question(self) -> Question:
        """The graph, with both numbers of every node that has a name."""
        nodes = sorted(self.graph.names.values())
        return Question(
            graph=self.graph, reads=[(node, part) for node in nodes for part in Quantity]
        )


def find_counterexample(
    run: Run, judged: Judged, diagnoses: Sequence[Diagnosis]
) -> Counterexample | None:
    """Returns a small graph on which the engine is wrong; None if there is none that is certain.

    The graph must be wrong in the same way in two sessions, the second with reversed sets. Verdicts
    and points are settled by now: whatever happens here costs no more than the counterexample.
    """
    keeps_state = any(one.misconception == STATE.key for one in diagnoses)
    if run.interface is None or keeps_state:
        return None
    try:
        candidates = list(_list_candidates(run, judged, diagnoses))
        if not candidates:
            return None
        outcomes = ask(run, [one.question for one in candidates])
        for candidate, outcome in zip(candidates, outcomes, strict=False):
            checks = _check(candidate, outcome)
            if _find_verdict(candidate, checks) is candidate.verdict:
                again = ask(run, [candidate.question], reverse=True)
                if not again or not _agree(checks, _check(candidate, again[0])):
                    return None
                return _describe(candidate, checks, run, diagnoses)
    except Exception:
        log.exception("a counterexample failed")
    return None


def _list_candidates(
    run: Run, judged: Judged, diagnoses: Sequence[Diagnosis]
) -> Iterator[_Candidate]:
    """Yields the graphs to try, the simplest first. Those that show the first diagnosis, if any."""
    evidence = diagnoses[0].evidence if diagnoses else ()
    chosen = [
        (bool(report.blocked_by), case, report.verdict)
        for suite, case, report in judged
        if report.verdict in WRONG and report.counts and run.budget.gives_points(case)
        if case.kind is Kind.NUMBERS and _is_small(case.graph)
        if not evidence or f"{suite}/{case.id}" in evidence
    ]
    chosen.sort(key=lambda one: (one[0], find_level(one[1].graph), count_operations(one[1].graph)))
    for _, case, verdict in chosen[:MOST_CASES]:
        due = _find_due(case)
        for graph, right in list_variants(case.graph):
            yield _Candidate(graph=graph, right=right, verdict=verdict, due=due)


def _is_small(graph: Graph) -> bool:
    """Whether a graph has few operations, and runs backward once, from its last node."""
    *before, last = graph.steps
    has_one = not any(isinstance(step, Backward | Update) for step in before)
    is_last = isinstance(last, Backward) and last.node == len(graph.nodes) - 1
    return has_one and is_last and 0 < count_operations(graph) <= MOST_OPERATIONS


def _find_due(case: Case) -> frozenset[tuple[int, Quantity]]:
    """The numbers of a case's graph that every correct engine has.

    Many engines keep no gradients of results, so only those are due that the case reads.
    """
    steps = case.graph.nodes
    due = {(one.node, one.quantity) for one in case.expectations if not one.optional}
    for node in find_used(case.graph, len(steps) - 1):
        is_leaf = isinstance(steps[node], Leaf)
        due.add((node, Quantity.GRAD if is_leaf else Quantity.DATA))
    return frozenset(due)


def _check(candidate: _Candidate, outcome: Observation | Failure) -> tuple[Check, ...]:
    """Compares all numbers that were read, values first; nothing if they can't be compared."""
    reads = candidate.question.reads
    if isinstance(outcome, Failure) or len(outcome.numbers) != len(reads):
        return ()
    if not PLAIN.issuperset(map(type, outcome.numbers)):
        return ()
    names = {node: name for name, node in candidate.graph.names.items()}
    checks = []
    for (node, quantity), actual in zip(reads, outcome.numbers, strict=True):
        expected = _find_right(candidate.right, node, quantity)
        error = None if actual is None else abs(actual - expected)
        passed = actual is not None and is_close(actual, expected)
        tolerance = max(RELATIVE * abs(expected), ABSOLUTE)
        checks.append(Check(names[node], quantity, expected, actual, error, tolerance, passed))
    return tuple(sorted(checks, key=lambda check: check.quantity is Quantity.GRAD))


def _find_right(right: Evaluation, node: int, quantity: Quantity) -> float:
    return float(right.data[node] if quantity is Quantity.DATA else right.grad[node])


def _select_asserted(candidate: _Candidate, checks: Sequence[Check]) -> tuple[Check, ...]:
    """The comparisons that decide. The value of a leaf is one only if it is wrong."""
    nodes, names = candidate.graph.nodes, candidate.graph.names
    return tuple(
        check
        for check in checks
        if (names[check.node], check.quantity) in candidate.due
        if check.quantity is Quantity.GRAD
        or not check.passed
        or not isinstance(nodes[names[check.node]], Leaf)
    )


def _find_verdict(candidate: _Candidate, checks: Sequence[Check]) -> Verdict:
    """The verdict on these comparisons: values before gradients."""
    wrong = {check.quantity for check in _select_asserted(candidate, checks) if not check.passed}
    if Quantity.DATA in wrong:
        return Verdict.WRONG_VALUE
    return Verdict.WRONG_GRADIENT if wrong else Verdict.PASSED


def _agree(once: Sequence[Check], again: Sequence[Check]) -> bool:
    """Whether two runs gave the same numbers."""
    return len(once) == len(again) and all(
        first.actual is second.actual
        if first.actual is None or second.actual is None
        else is_close(first.actual, second.actual) or repr(first.actual) == repr(second.actual)
        for first, second in zip(once, again, strict=True)
    )


def _describe(
    candidate: _Candidate, checks: Sequence[Check], run: Run, diagnoses: Sequence[Diagnosis]
) -> Counterexample:
    """The counterexample as a report has it."""
    assert run.interface is not None
    graph, asserted = candidate.graph, _select_asserted(candidate, checks)
    lines = ["import math", "", graph.program, *(_assert(check) for check in asserted)]
    nodes = tuple(_list_nodes(candidate, checks))
    main = diagnoses[0] if diagnoses else None
    return Counterexample(
        program=respell_program("\n".join(lines), run.interface),
        graph=SmallGraph(
            nodes=nodes,
            first=find_first_wrong(nodes) if main and is_about_operation(main) else None,
            shared=find_shared(nodes) if main and is_about_uses(main) else None,
        ),
        checks=asserted,
    )


def _assert(check: Check) -> str:
    name = f"{check.node}.{check.quantity}"
    expected = show(check.expected)
    near = f"assert math.isclose({name}, {expected}, rel_tol=1e-9, abs_tol=1e-12), {name}"
    return f"assert {name} is not None\n{near}" if check.actual is None else near


def _list_nodes(candidate: _Candidate, checks: Sequence[Check]) -> Iterator[GraphNode]:
    graph, right = candidate.graph, candidate.right
    read = {(check.node, check.quantity): check.actual for check in checks}
    names = name_all(graph)
    used = Counter[str]()
    for node in range(len(names) - 1, -1, -1):  # a node that was replaced has an own name here
        names[node] += BEFORE * used[names[node]]
        used[names[node].partition(" ")[0]] += 1
    for node, step in enumerate(graph.nodes):
        name = names[node]
        yield GraphNode(
            name=name,
            operation=step.operation if isinstance(step, Apply) else "leaf",
            operands=tuple(
                names[one] if isinstance(one, int) else repr(one.number) for one in step.operands
            )
            if isinstance(step, Apply)
            else (),
            expected=NodeNumbers(data=float(right.data[node]), grad=float(right.grad[node])),
            actual=NodeNumbers(
                data=read.get((name, Quantity.DATA)), grad=read.get((name, Quantity.GRAD))
            ),
        )
