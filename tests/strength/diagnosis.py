"""How often diagnosis explains a wrong engine, and that it claims nothing about right ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.strength.grading import selections
from tests.strength.mutants import Clock, EndlessError, find_read, run
from worker.grading.diagnosis.changes import orders
from worker.grading.diagnosis.diagnose import Findings, diagnose, is_worth_asking
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import MOST_STEPS, list_questions
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.search import agree
from worker.grading.diagnosis.simulate import simulate
from worker.grading.judge import judge
from worker.graph import Graph, Question, parse
from worker.report.model import Quantity, Report, Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case, Kind
from worker.suites.format.programs import is_fit
from worker.suites.random_graphs import Plan, generate_programs

HELD_OUT = 30  # random graphs that no search has seen
WRONG = frozenset({Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT, Verdict.NONDETERMINISTIC})
FORWARD = "Error of the engine"


@dataclass(slots=True)
class Row:
    """A group of engines that are wrong by their numbers, and what diagnosis says about them."""

    engines: int = 0
    exact: dict[int, int] = field(default_factory=dict)  # by how many mistakes
    partly: list[str] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)
    held_out: int = 0  # claims that predict all graphs that weren't seen
    claims: int = 0
    failing: list[str] = field(default_factory=list)  # claims that don't

    @property
    def share(self) -> float:
        """The part of the engines whose every number is explained."""
        return sum(self.exact.values()) / max(1, self.engines)


def count(reports: Mapping[str, Report], held_out: Mapping[str, bool] | None = None) -> Row:
    """What the reports of wrong engines say, for those that are wrong by numbers.

    `held_out` says of each claim whether it predicts graphs that no search has seen.
    """
    row = Row()
    for name, report in reports.items():
        wrong = any(
            case.verdict in WRONG
            for suite in report.suites
            for case in suite.cases
            if suite.name != "conventions"
        )
        if wrong:
            exact = all(one.exact for one in report.diagnoses)
            add(row, name, exact=exact, mistakes=len(report.diagnoses))
            hold_out(row, name, (held_out or {}).get(name))
    return row


def add(row: Row, name: str, *, exact: bool, mistakes: int) -> None:
    """Counts an engine with so many mistakes found."""
    row.engines += 1
    if not mistakes:
        row.nothing.append(name)
    elif exact:
        row.exact[mistakes] = row.exact.get(mistakes, 0) + 1
    else:
        row.partly.append(name)


def hold_out(row: Row, name: str, held: bool | None) -> None:
    """Counts a claim that predicts graphs that weren't seen, or doesn't; None if there is none."""
    if held is not None:
        row.claims += 1
        row.held_out += held
        row.failing += [name] * (not held)


Answer = Callable[[Question], Observation | Failure]


def answering(value: type, clock: Clock) -> Answer:
    """A class of this process, in place of a sandbox: it answers questions."""

    def answer(question: Question) -> Observation | Failure:
        clock.ticks = 0
        try:
            nodes: list[Any] = run(question.graph, value)
            return Observation(tuple(find_read(nodes[n], part) for n, part in question.reads))
        except (Exception, EndlessError):  # any exception is an error of the mutant
            return Failure(verdict=Verdict.ERROR, message=FORWARD)

    return answer


def examine(answer: Answer) -> Findings | None:
    """The diagnosis of an engine; None if it isn't wrong by numbers."""
    judged = [
        (item.suite.name, case, judge(case, answer(case.question)))
        for item in selections()
        for case in item.suite.cases
        if item.weight and _is_compared(case)
    ]
    if not is_worth_asking(judged):
        return None
    return diagnose(judged, [answer(question) for question in list_questions()])


def _is_compared(case: Case) -> bool:
    return case.kind is Kind.NUMBERS and len(case.graph.steps) <= MOST_STEPS


@cache
def held_out_questions() -> Sequence[Question]:
    """Every number of random graphs of another seed than any suite's."""
    programs: Iterable[Any] = generate_programs(Plan(HELD_OUT, 4, 24), "held out", is_fit)
    return [_ask_everything(parse(program.text)) for program in programs]


def _ask_everything(graph: Graph) -> Question:
    nodes = sorted(graph.names.values())
    reads = tuple((n, part) for n in nodes for part in (Quantity.DATA, Quantity.GRAD))
    return Question(graph=graph, reads=reads)


def predicts_all(model: Model, outcomes: Iterable[Observation | Failure]) -> bool:
    """Whether a model gives an engine's answers about graphs that no search has seen.

    Its order of nodes is no claim: it may be any that gives the same in all questions of diagnosis.
    """
    answers = list(outcomes)
    ordered = (change.apply(model) for change in orders(model))
    return _predicts_all(model, answers) or any(
        _predicts_all(one, answers) for one in ordered if one and _are_alike(one, model)
    )


def _are_alike(one: Model, other: Model) -> bool:
    return all(predict(one, probe) == predict(other, probe) for probe in probes())


def _predicts_all(model: Model, outcomes: Iterable[Observation | Failure]) -> bool:
    answers = list(outcomes)
    if len(answers) != len(held_out_questions()):
        return False
    for question, given in zip(held_out_questions(), answers, strict=True):
        predicted = simulate(model, Prepared(question.graph, question.reads))
        if isinstance(given, Failure):
            if predicted is not None and not isinstance(predicted, str):
                return False  # the model has numbers there
            continue
        is_finite = all(number is None or math.isfinite(number) for number in given.numbers)
        if is_finite and predicted is not None and not agree(predicted, given.numbers):
            return False
    return True


def find_claim(findings: Findings) -> Model | None:
    """The model of an engine, if the diagnoses claim to explain everything."""
    is_claim = bool(findings.diagnoses) and all(one.exact for one in findings.diagnoses)
    return findings.model if is_claim else None


def write_row(title: str, row: Row) -> list[str]:
    """The lines that print a group."""
    by_mistakes = ", ".join(f"{n} by {k}" for k, n in sorted(row.exact.items()))
    exact = f"exact: {row.share:.1%} ({by_mistakes} mistakes)"
    rest = f"in part {len(row.partly)}, none {len(row.nothing)}"
    lines = [f"{title}: {row.engines}, {exact}, {rest}"]
    if row.claims:
        lines.append(
            f"  claims that predict {HELD_OUT} unseen graphs: {row.held_out} of {row.claims}"
        )
    lines += [f"  in part: {name}" for name in row.partly]
    lines += [f"  none: {name}" for name in row.nothing]
    lines += [f"  fails on an unseen graph: {name}" for name in row.failing]
    return lines
