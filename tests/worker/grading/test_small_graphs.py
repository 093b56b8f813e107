"""Small graphs: one name for each node, round numbers, and what is simplest."""

from __future__ import annotations

import pytest

from worker.grading.small_graphs import list_variants, name_all, name_nodes
from worker.graph import Leaf, parse

EXPRESSION = """\
x = Value(2.37)
y = Value(-1.19)
L = (abs(x * y) + 2) * (-x).tanh() - (-3) ** (x ** 2)
L.backward()
"""


def own_numbers(program: str) -> dict[int, int | float]:
    nodes = parse(program).nodes
    return {index: step.number for index, step in enumerate(nodes) if isinstance(step, Leaf)}


@pytest.mark.parametrize(
    "program",
    [
        EXPRESSION,
        "x = Value(3)\ny = Value(5)\nu = x * y\nh = u\nu += y\nL = u * h\nL.backward()\n",
        "x = Value(3)\ny = Value(5)\nu = x * y\nu += y\nL = u * y\nL.backward()\n",
    ],
)
def test_a_graph_with_names_has_the_same_steps(program: str) -> None:
    graph = parse(program)
    named = name_nodes(graph, own_numbers(program))
    assert named.steps == graph.steps
    assert named.names.items() >= {"x": 0, "y": 1}.items()
    assert all(name.isidentifier() for name in name_all(graph))


def test_round_numbers_come_first_and_the_own_ones_last() -> None:
    graph = parse("x = Value(2.37)\ny = Value(-1.19)\nL = x * y\nL.backward()\n")
    numbers = [
        [step.number for step in made.nodes if isinstance(step, Leaf)]
        for made, _ in list_variants(graph)
    ]
    assert numbers[0] == [3, 5]
    assert numbers[-1] == [2.37, -1.19]
    assert all(float(number).is_integer() for pair in numbers[:-1] for number in pair)


def test_leaves_of_steep_functions_get_small_numbers() -> None:
    graph = parse("x = Value(2.37)\ny = Value(1.19)\nL = x.tanh() * y\nL.backward()\n")
    made, _ = next(list_variants(graph))
    assert [step.number for step in made.nodes if isinstance(step, Leaf)] == [0.5, 3]


def test_two_and_two_are_never_chosen_where_sum_and_product_agree() -> None:
    graph = parse("x = Value(2.37)\nu = x * 2\nL = u + x\nL.backward()\n")
    chosen = [made.nodes[0] for made, _ in list_variants(graph)]
    assert Leaf(2) not in chosen
    assert Leaf(3) in chosen


def test_numbers_without_a_finite_answer_are_left_out() -> None:
    graph = parse("x = Value(2.37)\nL = x.log()\nL.backward()\n")
    numbers = [step.number for made, _ in list_variants(graph) for step in made.nodes[:1]]  # type: ignore[union-attr]
    assert min(numbers) > 0
