"""The questions that diagnosis asks an engine: small graphs, of which every node is read.

They give no points. Their points are fixed, so what a model gives is computed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from worker.grading.diagnosis.form_questions import ask_about, ask_about_numbers, ask_in_place
from worker.grading.diagnosis.forms import IN_PLACE, form_of, forms_in
from worker.grading.diagnosis.prepared import Prepared
from worker.graph import Apply, Constant, Graph, Question, parse
from worker.report.model import Quantity

# Graphs of sums and products alone: they show how gradients are added and passed on.
BASE = """
sum: x = 3.1, y = -1.7 | L = x + y
product: x = 1.3, y = 2.9 | L = x * y
sum-times: x = 1.1, y = 0.7, z = -2.3 | u = x + y | L = u * z
product-plus: x = -1.9, y = 0.6, z = 1.7 | u = x * y | L = u + z
product-times: x = 0.7, y = -1.2, z = 2.6 | u = x * y | L = u * z
times-product: x = 1.6, y = -0.4, z = 2.1 | u = x * y | L = z * u
times-sum: x = 1.9, y = 0.3, z = -1.4 | u = x + y | L = z * u
twice-in-sum: x = 1.7 | L = x + x
twice-in-product: x = -1.3 | L = x * x
chained-twice-in-sum: x = 0.9, z = 2.3 | u = x + x | L = u * z
chained-twice-in-product: x = 1.4, z = -0.6 | u = x * x | L = u * z
again: x = 1.7, y = -0.6 | u = x * y | L = u + x
again-first: x = -0.7, y = 1.9 | u = x * y | L = x + u
again-in-product: x = 1.2, y = 0.9 | u = x + y | L = u * x
again-right: x = 0.8, y = -1.5 | u = y + x | L = x * u
result-twice: x = 1.1, y = 0.6 | u = x * y | L = u * u
result-twice-in-sum: x = -1.1, y = 1.6 | u = x * y | L = u + u
result-twice-below: x = 1.3, y = 0.7, z = -0.9 | u = x * y | v = u * u | L = v * z
diamond: x = 1.3, y = 0.7, z = -1.6 | u = x * y | v = x * z | L = u * v
diamond-of-sum: x = 0.9, y = 1.4 | u = x * y | v = u + x | w = u * y | L = v * w
unequal: x = 1.2, y = 0.8, z = 1.7 | u = x * y | v = u * z | L = v + u
unequal-first: x = -0.8, y = 1.3, z = 0.6 | u = x * y | v = u * z | L = u + v
unequal-far: x = 0.7, y = 1.6, z = -1.1 | u = x * y | v = u + z | w = v * y | L = w * u
unequal-far-first: x = 1.5, y = -0.7, z = 0.4 | u = x * y | v = u + z | w = v * y | L = u * w
ladder: x = 1.1, y = 0.6, z = -1.3 | u = x * y | v = u + x | w = v * u | t = w + v | L = t * z
ladder-first: x = 0.9, y = -1.2, z = 1.4 | u = y * x | v = x + u | w = u * v | t = v + w | L = z * t
deep: x = 1.2, y = 0.7 | u = x * y | v = u + x | w = v * y | t = w + u | s = t * v | L = s + w
chain: x = 1.1, y = 0.8 | u = x * y | v = u + y | w = v * x | t = w + y | L = t * x
unneeded: x = 1.4, y = -0.9, z = 0.6 | u = x * y | v = u * z | L = u + y
unneeded-leaf: x = 0.6, y = 1.2, z = 1.9 | v = x * z | L = x * y
equal-leaves: x = 1.5, y = 1.5, z = 0.7 | u = x * z | L = u + y
equal-results: x = 2.0, y = 3.0, z = 1.5, w = 4.0 | u = x * y | v = z * w | L = u + v
equal-operands: x = 1.5, y = 1.5, z = 2.5 | u = x + y | L = u * z
equal-levels: x = 2.0, y = 1.0, z = 0.5 | u = x * y | v = u * z | L = v + u
whole: x = 3, y = 2, z = 0.5 | u = x * y | L = u * z
whole-in-sum: x = 4, y = 0.25 | u = x * y | L = u + x
zero-factor: x = 0.0, y = 1.3, z = 0.4 | u = x * y | v = u * z | L = v + y
zero-sum: x = 1.5, y = -1.5, z = 2.0 | u = x + y | v = u * z | L = v + y
large: x = 3.5, y = 4.5, z = 2.5 | u = x * y | v = u * z | L = v + u
"""

# The forms that have questions of their own, in building-block order.
ASKED = (
    "**VN", "+VN", "*VN", "+NV", "*NV",
    "exp", "tanh", "relu", "log", "sin", "cos", "neg", "-VV", "-VN", "/VV", "/VN",
    "sigmoid", "sqrt", "abs", "-NV", "/NV", "**NV",
)  # fmt: skip

Site = tuple[int, tuple[int, ...], float]  # the result, the operands, and the plain number


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A graph, and the numbers of it that an engine was asked for.

    `form` is the one form that it asks about, if it isn't about sums and products of Values.
    """

    id: str
    form: str
    graph: Graph
    reads: tuple[tuple[int, Quantity], ...]

    @cached_property
    def key(self) -> str:
        """Names the graph with its numbers, and what is read."""
        return f"{self.graph.program}\n{self.reads}"

    @cached_property
    def prepared(self) -> Prepared:
        """The graph, ready to be simulated."""
        return Prepared(self.graph, self.reads)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of the graph, and all that these may be made of."""
        return forms_in(self.graph)

    @cached_property
    def sites(self) -> Mapping[str, list[Site]]:
        """The operations that are alone, by form."""
        return find_sites(self.graph)

    @cached_property
    def question(self) -> Question:
        """The graph, and the numbers to ask for."""
        return Question(graph=self.graph, reads=self.reads)


def find_sites(graph: Graph) -> dict[str, list[Site]]:
    """The operations of a graph whose operands have no other use: result, operands, number."""
    uses: dict[int, int] = {}
    steps = graph.nodes
    for step in steps:
        if isinstance(step, Apply):
            for operand in step.operands:
                if isinstance(operand, int):
                    uses[operand] = uses.get(operand, 0) + 1
    found: dict[str, list[Site]] = {}
    named = set(graph.names.values())
    for node, step in enumerate(steps):
        if not isinstance(step, Apply):
            continue
        operands = tuple(one for one in step.operands if isinstance(one, int))
        number = next((one.number for one in step.operands if isinstance(one, Constant)), 0.0)
        if all(uses[one] == 1 and one in named for one in operands) and node in named:
            found.setdefault(form_of(step), []).append((node, operands, number))
    return found


@cache
def probes() -> tuple[Probe, ...]:
    """All questions, in building-block order: what a graph is made of comes before it."""
    return tuple(_make_probes())


def _make_probes() -> Iterator[Probe]:
    for line in BASE.strip().splitlines():
        name, text = line.split(": ", 1)
        leaves, *lines = text.split(" | ")
        made = [re.sub(r"(\w+) = (\S+)", r"\1 = Value(\2)", leaf) for leaf in leaves.split(", ")]
        yield _probe(name, "", [*made, *lines])
    for form in ASKED:
        for question in ask_about(form):
            yield _probe(*question)
    for form in IN_PLACE:
        for question in ask_in_place(form):
            yield _probe(*question)
    for form in ("+VV", "*VV", *ASKED):
        for question in ask_about_numbers(form):
            yield _probe(*question)


def _probe(name: str, form: str, lines: Sequence[str], names: tuple[str, ...] = ()) -> Probe:
    graph = parse("\n".join([*lines, "L.backward()"]))
    parts = (Quantity.DATA, Quantity.GRAD)
    nodes = sorted(graph.names[name] for name in names or graph.names)
    reads = tuple((node, part) for node in nodes for part in parts)
    return Probe(id=name, form=form, graph=graph, reads=reads)
