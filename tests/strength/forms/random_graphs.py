"""Looks for a random graph on which a mutant and the right engine differ.

The graphs are small, use the mutant's form several times, and often have special numbers. Points
where correct engines differ are left out: kinks and 0 ** 0.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from tests.strength.forms.engine import build, compile_method
from tests.strength.forms.form import Form, Shape
from tests.strength.forms.mistakes import Mutant
from tests.strength.forms.table import FORMS
from tests.strength.mutants import run
from worker.graph import Apply, Constant, Graph, Leaf, parse

GRAPHS = 10_000
SEED = 5
NEAR = 1e-9  # relative, and absolute for small numbers; a mistake differs by much more
LARGEST = 1e6
SPECIAL = ("0", "1", "-1", "2", "0.0", "1.0", "2.0", "0.5")
OTHERS = ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} * {b}", "-{a}", "tanh({a})", "{a} + 1.5")
Numbers = tuple[float, ...]


def find_difference(mutant: Mutant, traversal: str) -> str | None:
    """The shortest program of 10,000 random ones that shows the mistake; None if none does."""
    wrong = build(traversal, mutant.method, compile_method(mutant.text))
    for graph, expected in _draw_all(mutant.form.name, traversal):
        if not _agree(_evaluate(graph, wrong), expected):
            return graph.program
    return None


@cache
def _draw_all(name: str, traversal: str) -> Sequence[tuple[Graph, Numbers]]:
    """Graphs with the form of that name, shortest first, and the numbers of the right engine."""
    dice = random.Random(SEED)
    form = next(form for form in FORMS if form.name == name)
    right = build(traversal)
    found: list[tuple[Graph, Numbers]] = []
    while len(found) < GRAPHS:
        graph = parse("\n".join(_draw_lines(form, dice)))
        numbers = _evaluate(graph, right, no_kinks=True)
        if numbers and max(map(abs, numbers)) < LARGEST:
            found.append((graph, numbers))
    return sorted(found, key=lambda pair: len(pair[0].program))


def _draw_lines(form: Form, dice: random.Random) -> Iterator[str]:
    names = [f"v{number}" for number in range(dice.randint(1, 3))]
    for name in names:
        yield f"{name} = Value({_draw_number(dice)})"
    unused = list(names)
    fresh = (f"v{number}" for number in itertools.count(len(names)))
    for index in range(dice.randint(1, 7)):
        name = next(fresh)
        a, b = dice.choice(names), dice.choice(names)
        is_form = index == 0 or dice.random() < 0.4
        if is_form and form.shape in (Shape.IN_PLACE, Shape.IN_PLACE_NUMBER):
            right = b if form.shape is Shape.IN_PLACE else _draw_number(dice)
            yield f"{name} = {a}"
            yield f"{name} {form.operation}= {right}"
        else:
            yield f"{name} = {_spell(form, a, b, dice) if is_form else dice.choice(OTHERS)}".format(
                a=a, b=b
            )
        unused = [one for one in unused if one not in (a, b)] + [name]
        names.append(name)
    while len(unused) > 1:
        name = next(fresh)
        sign = dice.choice("+-*")
        yield f"{name} = {unused[0]} {sign} {unused[1]}"
        unused = [*unused[2:], name]
    yield f"{unused[0]}.backward()"


def _draw_number(dice: random.Random) -> str:
    return dice.choice(SPECIAL) if dice.random() < 0.6 else f"{dice.uniform(-3, 3):.2f}"


def _spell(form: Form, a: str, b: str, dice: random.Random) -> str:
    number = _draw_number(dice)
    number = f"({number})" if number.startswith("-") else number
    match form.shape:
        case Shape.NUMBER_LEFT:
            return f"{number} {form.operation} {a}"
        case Shape.NUMBER_RIGHT:
            return f"{a} {form.operation} {number}"
        case Shape.VALUES:
            return f"{a} {form.operation} {b}"
        case _:
            return f"-{a}" if form.operation == "neg" else f"{form.operation}({a})"


def _evaluate(graph: Graph, value: type, *, no_kinks: bool = False) -> Numbers | None:
    """The output's number and the gradients of the leaves; None if the engine fails."""
    try:
        nodes = run(graph, value)
        if no_kinks and any(_is_on_kink(step, nodes) for step in graph.nodes):
            return None
        numbers = tuple(float(number) for number in _read(graph, nodes))
    except Exception:  # any exception is an error of the engine
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def _is_on_kink(step: object, nodes: Sequence[Any]) -> bool:
    if not isinstance(step, Apply):
        return False
    numbers = [
        one.number if isinstance(one, Constant) else nodes[one].data for one in step.operands
    ]
    if step.operation in ("relu", "abs"):
        return numbers == [0]
    return step.operation.startswith("**") and numbers == [0, 0]


def _read(graph: Graph, nodes: Sequence[Any]) -> Iterator[Any]:
    yield from (nodes[output].data for output in graph.outputs)
    for node, step in zip(nodes, graph.nodes, strict=True):
        if isinstance(step, Leaf):
            yield node.grad


def _agree(actual: Numbers | None, expected: Numbers) -> bool:
    return actual is not None and all(
        abs(one - other) <= NEAR * max(1.0, abs(other))
        for one, other in zip(actual, expected, strict=True)
    )
