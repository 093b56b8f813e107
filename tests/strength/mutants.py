"""Runs mutants of the reference engine on the suites: which are caught, and which survive."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.strength.mutations import build, make_mutants
from worker.grading.judge import judge
from worker.graph import FUNCTIONS, Apply, Backward, Graph, Leaf, Step, Update
from worker.reference.engine import OPERATIONS
from worker.report.model import Quantity, Verdict
from worker.sandbox.host.outcome import Observation
from worker.suites.cases import Case, Kind, Suite

EQUIVALENT = Path(__file__).parent / "equivalent.txt"
MOST_TICKS = 100_000  # rounds of all loops in a case; a correct engine needs 10,000
JUDGED = (Kind.NUMBERS, Kind.GROWTH)


class EndlessError(Exception):
    """A loop of the mutant runs too often."""


@dataclass(slots=True)
class Clock:
    """Counts rounds of loops, so that an endless loop ends in the same way every time."""

    ticks: int = 0

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks > MOST_TICKS:
            raise EndlessError


@dataclass(slots=True)
class Outcome:
    """What became of the mutants: each case's kills as the first to catch one, and survivors."""

    made: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    survivors: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """How many mutants some case caught."""
        return self.made - len(self.survivors)


def run_mutants(suites: Iterable[Suite]) -> Outcome:
    """Runs all mutants on the suites, each until the first case that catches it."""
    cases = [
        (f"{suite.name}/{case.id}", case)
        for suite in suites
        for case in suite.cases
        if case.kind in JUDGED
    ]
    outcome = Outcome()
    for mutant in make_mutants():
        outcome.made += 1
        clock = Clock()
        killer = _find_killer(build(mutant, clock.tick), clock, cases)
        if killer is None:
            outcome.survivors.append(mutant.name)
            continue
        name = cases[killer][0]
        outcome.kills[name] = outcome.kills.get(name, 0) + 1
        cases.insert(killer // 2, cases.pop(killer))  # a case that caught one comes sooner
    return outcome


def read_equivalent() -> dict[str, str]:
    """The mutants that no case can catch, each with the reason: `# reason` above its mutants."""
    reasons: dict[str, str] = {}
    reason = ""
    for line in EQUIVALENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason = line.removeprefix("# ")
        elif line:
            reasons[line] = reason
    return reasons


def _find_killer(value: type, clock: Clock, cases: Sequence[tuple[str, Case]]) -> int | None:
    for index, (_, case) in enumerate(cases):
        clock.ticks = 0
        if not passes(value, case):
            return index
    return None


def passes(value: type, case: Case) -> bool:
    """Whether an engine's class, run in this process, passes a case."""
    try:
        nodes = run(case.graph, value)
        numbers = [find_read(nodes[node], quantity) for node, quantity in case.reads]
    except Exception:  # any exception is an error of the mutant
        return False
    return judge(case, Observation(tuple(numbers))).verdict is Verdict.PASSED


def run(graph: Graph, value: type) -> list[Any]:
    """The nodes of a graph that an engine's class has computed, in the order of its steps."""
    nodes: list[Any] = []
    for step in graph.steps:
        _take(step, nodes, value)
    return nodes


def _take(step: Step, nodes: list[Any], value: type) -> None:
    match step:
        case Leaf(number):
            nodes.append(value(number))
        case Backward(node):
            nodes[node].backward()
        case Update():
            before = nodes[step.node]
            nodes.append(value(before.data - step.rate * before.grad))
        case Apply(operation, operands):
            given = [nodes[one] if isinstance(one, int) else one.number for one in operands]
            made = _function(operation, value)(*given)
            if type(made) is not value:
                raise TypeError(f"{operation} gave {made!r}")
            nodes.append(made)


def _function(operation: str, value: type) -> Callable[..., Any]:
    if operation == "abs":
        return operator.abs
    return getattr(value, operation) if operation in FUNCTIONS else OPERATIONS[operation]


def find_read(node: Any, quantity: Quantity) -> float:
    """The number or the gradient of a node of an engine in this process."""
    return float(node.data if quantity is Quantity.DATA else node.grad)
