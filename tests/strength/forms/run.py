"""Runs the mutants on the suites: which cases catch them, and which of them survive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.strength.forms.engine import TRAVERSALS, build, compile_method
from tests.strength.forms.form import Form, Shape, find_form
from tests.strength.forms.mistakes import Mutant, make_mutants
from tests.strength.forms.table import FORMS
from tests.strength.mutants import JUDGED, passes
from worker.graph import Apply, Graph
from worker.suites.cases import Case, Suite

Key = tuple[str, Shape]


@dataclass(slots=True)
class Outcome:
    """What became of the mutants.

    `killers` has the case that kills each one first, as suite/id. A mutant survives if one of the
    traversals hides it from every case; `survivors` has those traversals. `untested` are forms that
    no case has; their mutants aren't run.
    """

    untested: list[str] = field(default_factory=list)
    mutants: list[Mutant] = field(default_factory=list)
    killers: dict[str, str] = field(default_factory=dict)
    survivors: dict[str, tuple[str, ...]] = field(default_factory=dict)


def run_mutants(suites: Iterable[Suite], forms: Iterable[Form] = FORMS) -> Outcome:
    """Runs every mutant of these forms on the suites, once for each traversal."""
    cases = index_cases(suites)
    outcome = Outcome()
    chosen = set()
    for form in forms:
        key = form.operation, form.shape
        if cases.get(key):
            chosen.add(key)
        else:
            outcome.untested.append(form.name)
    for mutant in make_mutants():
        key = mutant.form.operation, mutant.form.shape
        if key not in chosen:
            continue
        outcome.mutants.append(mutant)
        code = compile_method(mutant.text)
        hidden = []
        for traversal in TRAVERSALS:
            value = build(traversal, mutant.method, code)
            killer = _find_killer(value, cases[key])
            if killer is None:
                hidden.append(traversal)
            else:
                outcome.killers.setdefault(mutant.name, killer)
        if hidden:
            outcome.survivors[mutant.name] = tuple(hidden)
    return outcome


def index_cases(suites: Iterable[Suite]) -> Mapping[Key, Sequence[tuple[str, Case]]]:
    """The cases that have each form; no other case runs the form's method."""
    found: defaultdict[Key, list[tuple[str, Case]]] = defaultdict(list)
    for suite in suites:
        for case in suite.cases:
            if case.kind in JUDGED:
                for key in find_forms(case.graph):
                    found[key].append((f"{suite.name}/{case.id}", case))
    return found


def find_forms(graph: Graph) -> frozenset[Key]:
    """The forms of operations in a graph."""
    return frozenset(find_form(step) for step in graph.steps if isinstance(step, Apply))


def _find_killer(value: type, cases: Sequence[tuple[str, Case]]) -> str | None:
    return next((name for name, case in cases if not passes(value, case)), None)
