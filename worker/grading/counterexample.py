"""Finds a small graph on which an engine is wrong, and writes it as a program that shows it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from worker.grading.blame import find_first_wrong, find_shared, is_about_operation, is_about_uses
from worker.grading.candidates import (
    Candidate,
    Due,
    Shown,
    agree,
    compare_all,
    find_due,
    find_first,
    list_due,
    select_asserted,
    vary,
)
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.diagnosis.observations import Judged
from worker.grading.diagnosis.simplicity import count_operations, find_level
from worker.grading.explain import Send, ask, converse
from worker.grading.parts import Part, take_first
from worker.grading.precision import Loss
from worker.grading.reduction import Reduction
from worker.grading.sessions import Run
from worker.grading.small_graphs import BEFORE, name_all
from worker.grading.spelling.speller import respell_program
from worker.graph import Apply, Backward, Update, parse
from worker.reference.engine import evaluate
from worker.report.model import (
    Check,
    Counterexample,
    Diagnosis,
    GraphNode,
    NodeNumbers,
    Quantity,
    SmallGraph,
    Verdict,
)
from worker.report.numbers import show
from worker.suites.cases import Case, Kind

log = logging.getLogger(__name__)

MOST_OPERATIONS = 4  # of a counterexample
MOST_UNREDUCED = 3  # operations of a graph that nothing is left out of
MOST_CASES = 12  # that are tried, each with up to 11 sets of numbers
MOST_STARTS = 3  # larger graphs that are reduced, if no small one fails
MOST_STEPS = 80  # of one of these
MOST_ASKED = 130  # reduced graphs that are tried
UNSEEDED = tuple(  # for an engine that never sets the output's own gradient
    f"a = Value(3)\nb = Value(5)\nL = a {sign} b\nL.backward()" for sign in "+*"
)
WITHOUT_LOSS = frozenset({"+", "-", "*", "+=", "-=", "*=", "neg", "relu", "abs"})
WRONG = (Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT)
COMPARED = (Kind.NUMBERS, Kind.GRADIENT_CHECK)


def find_counterexample(
    run: Run, judged: Judged, findings: Findings, loss: Loss | None = None
) -> Counterexample | None:
    """Returns a small graph on which the engine is wrong; None if there is none that is certain.

    The graph must be wrong in the same way in two sessions, the second with reversed sets. If the
    engine loses precision, a right one must get every number of the graph without loss. Verdicts
    and points are settled by now: whatever happens here costs no more than the counterexample.
    """
    diagnoses = findings.diagnoses
    keeps_state = any(one.misconception == STATE.key for one in diagnoses)
    if run.interface is None or keeps_state:
        return None
    try:
        shown = (
            _find_unseeded(run)
            if run.interface.unseeded
            else _find(run, _choose(run, judged, diagnoses), findings, loss)
        )
        if shown is None:
            return None
        candidate, checks = shown
        again = ask(run, [candidate.question], reverse=True)
        if not again or not agree(checks, compare_all(candidate, again[0])):
            return None
        return _describe(candidate, checks, run, diagnoses)
    except Exception:
        log.exception("a counterexample failed")
    return None


def _choose(run: Run, judged: Judged, diagnoses: Sequence[Diagnosis]) -> list[tuple[Case, Verdict]]:
    """The cases that show the first diagnosis, if any, the simplest first."""
    evidence = diagnoses[0].evidence if diagnoses else ()
    chosen = [
        (bool(report.blocked_by), case, report.verdict)
        for suite, case, report in judged
        if report.verdict in WRONG and report.counts and run.budget.gives_points(case)
        if case.kind in COMPARED and case.graph.outputs and len(case.graph.steps) <= MOST_STEPS
        if not evidence or f"{suite}/{case.id}" in evidence
    ]
    chosen.sort(key=lambda one: (one[0], find_level(one[1].graph), count_operations(one[1].graph)))
    return [(case, verdict) for _, case, verdict in chosen]


def _find(
    run: Run, chosen: Sequence[tuple[Case, Verdict]], findings: Findings, loss: Loss | None
) -> Shown | None:
    """The simplest failing graph with the simplest numbers."""
    small = [(case, verdict) for case, verdict in chosen if _is_small(case)]
    if not small and loss is None:
        starts = [
            (part, verdict, find_due(case))
            for case, verdict in chosen
            if (part := take_first(case.graph)) is not None
        ]
        return _reduce(run, starts[:MOST_STARTS], findings)
    candidates = [
        candidate
        for case, verdict in small[:MOST_CASES]
        for candidate in vary(case.graph, verdict, find_due(case))
        if loss is None or _has_no_loss(candidate, loss)
    ]
    outcomes = ask(run, [one.question for one in candidates])
    shown = find_first(candidates, outcomes)
    if shown is None or loss or count_operations(shown[0].graph) <= MOST_UNREDUCED:
        return shown
    part = take_first(shown[0].graph)
    starts = [(part, shown[0].verdict, shown[0].due)] if part else []
    return _reduce(run, starts, findings) or shown


def _has_no_loss(candidate: Candidate, loss: Loss) -> bool:
    """Whether a right engine gets every number of a graph in its formats, however it is written."""
    nearest = loss.formats.coarsest.nearest
    steps = [step for step in candidate.graph.nodes if isinstance(step, Apply)]
    return all(step.operation in WITHOUT_LOSS for step in steps) and all(
        nearest(float(number)) == number
        for number in (*candidate.right.data, *candidate.right.grad)
    )


def _find_unseeded(run: Run) -> Shown | None:
    """A sum or a product without the gradient that the tests set in the engine's place."""
    candidates = [
        Candidate(
            graph=graph,
            right=evaluate(graph),
            verdict=Verdict.WRONG_GRADIENT,
            due=frozenset(list_due(graph, frozenset(range(len(graph.nodes))))),
            seeds=False,
        )
        for graph in map(parse, UNSEEDED)
    ]
    return find_first(candidates, ask(run, [one.question for one in candidates]))


def _is_small(case: Case) -> bool:
    """Whether a graph has few operations, and runs backward once, from its last node."""
    *before, last = case.graph.steps
    has_one = not any(isinstance(step, Backward | Update) for step in before)
    is_last = isinstance(last, Backward) and last.node == len(case.graph.nodes) - 1
    is_few = 0 < count_operations(case.graph) <= MOST_OPERATIONS
    return case.kind is Kind.NUMBERS and has_one and is_last and is_few


def _reduce(
    run: Run, starts: Sequence[tuple[Part, Verdict, Due]], findings: Findings
) -> Shown | None:
    """The first of these graphs that can be made small, with operations left out."""

    def talk(send: Send) -> Shown | None:
        left = MOST_ASKED
        for start, verdict, due in starts:
            reduction = Reduction(
                send=send, start=start, verdict=verdict, due=due, findings=findings
            )
            part = reduction.find_smallest(left)
            left -= reduction.asked
            if part is None or part.operations > MOST_OPERATIONS:
                continue
            if shown := reduction.choose_numbers(part):
                return shown
        return None

    return converse(run, talk) if starts else None


def _describe(
    candidate: Candidate, checks: Sequence[Check], run: Run, diagnoses: Sequence[Diagnosis]
) -> Counterexample:
    """The counterexample as a report has it."""
    assert run.interface is not None
    graph, asserted = candidate.graph, select_asserted(candidate, checks)
    lines = ["import math", "", graph.program, *(_assert(check) for check in asserted)]
    nodes = tuple(_list_nodes(candidate, checks))
    main = diagnoses[0] if diagnoses else None
    first = find_first_wrong(nodes) if main and is_about_operation(main) else None
    return Counterexample(
        program=respell_program("\n".join(lines), run.interface),
        graph=SmallGraph(
            nodes=nodes,
            first=first if candidate.seeds else nodes[-1].name,
            shared=find_shared(nodes) if main and is_about_uses(main) else None,
        ),
        checks=asserted,
    )


def _assert(check: Check) -> str:
    name = f"{check.node}.{check.quantity}"
    expected = show(check.expected)
    near = f"assert math.isclose({name}, {expected}, rel_tol=1e-9, abs_tol=1e-12), {name}"
    return f"assert {name} is not None\n{near}" if check.actual is None else near


def _list_nodes(candidate: Candidate, checks: Sequence[Check]) -> Iterator[GraphNode]:
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
