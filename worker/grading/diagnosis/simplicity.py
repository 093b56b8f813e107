"""Orders graphs and cases by how much a student must understand to read them."""

from __future__ import annotations

from worker.grading.diagnosis.forms import form_of
from worker.graph import Apply, Graph
from worker.suites.cases import Case

# Forms by how much they are made of others: sums and products come first.
LEVELS = (
    ("+VV", "*VV"),
    ("**VN", "+VN", "*VN", "+NV", "*NV", "exp", "tanh", "relu", "log", "sin", "cos"),
    ("neg", "sigmoid", "sqrt"),
    ("-VV", "-VN", "/VV", "/VN", "abs"),
    ("-NV", "/NV"),
)
LEVEL_OF = {form: level for level, forms in enumerate(LEVELS) for form in forms}
# Suites whose graphs mix many things, in this order. The graphs of all others come before them.
LAST = ("composite", "random", "gradient-check", "training", "state", "robustness")

Rank = tuple[int, int, int]


def rank(suite: str, case: Case) -> Rank:
    """Returns a key that sorts the simplest case first.

    What a graph is made of comes before it: first the suite counts, then the operations, and then
    how many there are.
    """
    place = 1 + LAST.index(suite) if suite in LAST else 0
    return place, find_level(case.graph), count_operations(case.graph)


def find_level(graph: Graph) -> int:
    """How far a graph's operations are from sums and products, from 0."""
    return max((LEVEL_OF.get(form_of(step), len(LEVELS)) for step in _applied(graph)), default=0)


def count_operations(graph: Graph) -> int:
    """How many operations a graph has."""
    return len(_applied(graph))


def _applied(graph: Graph) -> list[Apply]:
    return [step for step in graph.steps if type(step) is Apply]
