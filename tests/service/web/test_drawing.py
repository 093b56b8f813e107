"""Drawings of graphs: the right numbers, the engine's own beside them, and the same in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from service.web.view.drawing import MOST_NODES, MOST_STEPS, Drawing, draw_graph
from service.web.view.focus import Focus
from service.web.view.graph_svg import paint
from worker.graph import parse
from worker.reference.engine import evaluate
from worker.report.model import Check, Quantity

EXAMPLE = "x1 = Value(3)\nx2 = Value(4)\nx3 = x1 * x2\nL = x3 + x1\nL.backward()"
DATA, GRAD = Quantity.DATA, Quantity.GRAD


def draw(program: str, checks: Sequence[Check] = ()) -> Drawing:
    """The drawing of a program, with the reference's numbers as the right ones."""
    graph = parse(program)
    right = evaluate(graph)
    return draw_graph("A title", graph, checks, data=right.data, grad=right.grad)


def wrong(node: str, quantity: Quantity, expected: float, actual: float | None) -> Check:
    """A check that failed."""
    return Check(node, quantity, expected, actual, 1.0, 1e-12, passed=False)


def test_each_node_has_its_name_its_operation_and_both_numbers() -> None:
    drawing = draw(EXAMPLE)
    assert [(node.name, node.operation, node.operands) for node in drawing.nodes] == [
        ("x1", "Value(3)", ()),
        ("x2", "Value(4)", ()),
        ("x3", "x1 * x2", (0, 1)),
        ("L", "x3 + x1", (2, 0)),
    ]
    numbers = [[number.right for number in node.numbers] for node in drawing.nodes]
    assert numbers == [["3", "5"], ["4", "3"], ["12", "1"], ["15", "1"]]
    assert drawing.description == "A graph of 4 nodes."


def test_a_wrong_number_stands_below_the_right_one() -> None:
    drawing = draw(EXAMPLE, [wrong("x1", GRAD, 5.0, 4.0)])
    assert [(number.right, number.yours) for number in drawing.nodes[0].numbers] == [
        ("3", None),
        ("5", "4"),
    ]
    assert drawing.description == "A graph of 4 nodes. Your numbers differ at x1."


@pytest.mark.parametrize(
    ("expected", "actual", "right", "yours"),
    [
        (1.0, None, "1", "none"),
        (1.0, math.nan, "1", "nan"),
        (2 / 3, 2 / 3 + 1e-9, "0.666666667", "0.666666668"),
        (1.0, 1.0 + 2**-52, "1", "1.0000000000000002"),
    ],
)
def test_both_numbers_have_as_many_digits_as_they_need_to_differ(
    expected: float, actual: float | None, right: str, yours: str
) -> None:
    number = draw(EXAMPLE, [wrong("x1", GRAD, expected, actual)]).nodes[0].numbers[1]
    assert (number.right, number.yours) == (right, yours)


def test_an_accepted_answer_is_shown_as_the_right_one() -> None:
    accepted = Check("x3", GRAD, 0.0, 0.0, 0.0, 0.0, passed=True)
    assert draw(EXAMPLE, [accepted]).nodes[2].numbers[1].right == "0"


def test_the_steps_go_forward_then_backward_and_say_where_numbers_begin_to_differ() -> None:
    checks = [wrong("x1", GRAD, 5.0, 4.0), wrong("x2", GRAD, 3.0, 0.0)]
    steps = draw(EXAMPLE, checks).steps
    assert [step.text for step in steps] == [
        "x1 = Value(3) is 3.",
        "x2 = Value(4) is 4.",
        "x3 = x1 * x2 is 12.",
        "L = x3 + x1 is 15.",
        "The gradient of L is 1.",
        "The gradient of x3 is 1.",
        "The gradient of x2 should be 3. Yours is 0.",
        "The gradient of x1 should be 5. Yours is 4.",
    ]
    assert [(step.text[16:18], step.remark) for step in steps if step.remark] == [
        ("x2", "First difference here.")
    ]


def focus_on(name: str, uses: int = 0) -> Drawing:
    """The drawing with this node marked, and with a wrong gradient at x1."""
    graph = parse(EXAMPLE)
    right = evaluate(graph)
    checks = [wrong("x1", GRAD, 5.0, 4.0)]
    focus = Focus(node=graph.names[name], uses=uses)
    return draw_graph("A title", graph, checks, data=right.data, grad=right.grad, focus=focus)


def test_the_first_wrong_node_has_a_mark_in_words_in_its_box_and_in_the_steps() -> None:
    drawing = focus_on("x1")
    assert [node.mark for node in drawing.nodes] == ["first difference", "", "", ""]
    assert drawing.description.endswith("differ at x1. The first difference is at x1.")
    (step,) = [step for step in drawing.steps if step.remark]
    assert (step.text, step.remark) == (
        "The gradient of x1 should be 5. Yours is 4.",
        "First difference here.",
    )
    marked, plain = paint(drawing).boxes[0], paint(draw(EXAMPLE)).boxes[0]
    assert marked.mark == "first difference"
    assert marked.y + plain.height < marked.mark_y < marked.y + marked.height


def test_a_shared_node_is_marked_with_its_uses_even_where_its_own_numbers_are_right() -> None:
    drawing = focus_on("x3", uses=3)
    assert [node.mark for node in drawing.nodes] == ["", "", "used 3 times", ""]
    assert drawing.description.endswith("x3 is used 3 times.")
    assert [(step.text, step.remark) for step in drawing.steps if step.remark] == [
        ("The gradient of x3 is 1.", "x3 is used 3 times.")
    ]


@pytest.mark.parametrize(
    ("statement", "operation"),
    [
        ("L = -x1", "-x1"),
        ("L = 2 - x1", "2 - x1"),
        ("L = x1 ** 0.5", "x1 ** 0.5"),
        ("L = tanh(x1 * x2)", "tanh(x1 * x2)"),
        ("L = x1\nL += x2", "x1 + x2"),
        ("L = Value(x1.data - 0.1 * x1.grad)", "x1 - 0.1 * grad"),
        ("L = tanh((x1 + x2) * x1)", "tanh((x1 + x2) * x1)"),
        ("L = ((x1 * x2 + x1) * x2 + x1) * x2", "((· * x2) + x1) * x2"),
    ],
)
def test_operations_are_written_as_in_the_program(statement: str, operation: str) -> None:
    program = f"x1 = Value(3)\nx2 = Value(4)\n{statement}\nL.backward()"
    drawn = draw(program).nodes[-1].operation
    assert drawn in (operation, operation.replace("L", "x1"))


def test_a_long_operation_is_cut() -> None:
    names = "a_very_long_name_indeed", "another_very_long_name"
    program = "\n".join(f"{name} = Value(2)" for name in names)
    drawn = draw(f"{program}\nL = {names[0]} * {names[1]}\nL.backward()").nodes[-1].operation
    assert drawn == "a_very_long_name_indeed * a\N{HORIZONTAL ELLIPSIS}"


def chain(length: int) -> str:
    """A program in which each node uses the one before it, and the leaf."""
    lines = ["x0 = Value(1)", *(f"x{i} = x{i - 1} + x0" for i in range(1, length))]
    return "\n".join([*lines, f"x{length - 1}.backward()"])


def test_the_middle_of_a_large_graph_is_folded_into_one_box() -> None:
    drawing = draw(chain(100), [wrong("x50", GRAD, 1.0, 2.0)])
    assert len(drawing.nodes) == MOST_NODES
    folded = [node for node in drawing.nodes if node.folded]
    assert [(node.name, node.operation) for node in folded] == [
        ("61 more nodes", "1 of them wrong")
    ]
    assert drawing.description == "A graph of 100 nodes. Your numbers differ at x50."
    place = drawing.nodes.index(folded[0])
    assert folded[0].operands == (0, place - 1)
    assert drawing.nodes[place + 1].operands == (place, 0)
    assert all(max(node.operands, default=-1) < i for i, node in enumerate(drawing.nodes))


@pytest.mark.parametrize("place", [19, 20, 21, 30, 40, 41, 58])
def test_the_node_to_look_at_first_and_its_operands_are_not_folded(place: int) -> None:
    graph = parse(chain(60))
    right = evaluate(graph)
    drawing = draw_graph(
        "A title", graph, [], data=right.data, grad=right.grad, focus=Focus(node=place)
    )
    (marked,) = [node for node in drawing.nodes if node.mark]
    assert marked.name == f"x{place}"
    assert {drawing.nodes[one].name for one in marked.operands} == {"x0", f"x{place - 1}"}
    assert len(drawing.nodes) <= MOST_NODES
    assert sum(node.folded or 1 for node in drawing.nodes) == 60
    assert all(max(node.operands, default=-1) < i for i, node in enumerate(drawing.nodes))


def test_the_steps_of_a_large_graph_leave_out_what_is_folded_unless_it_is_wrong() -> None:
    drawing = draw(chain(100), [wrong("x50", GRAD, 1.0, 2.0)])
    assert [step.text for step in drawing.steps if step.wrong] == [
        "The gradient of x50 should be 1. Yours is 2."
    ]
    assert len(drawing.steps) == 2 * (MOST_NODES - 1) + 1
    assert drawing.more_steps == 200 - len(drawing.steps)


def test_the_steps_of_a_graph_with_many_wrong_numbers_end() -> None:
    checks = [wrong(f"x{i}", quantity, 1.0, 2.0) for i in range(300) for quantity in (DATA, GRAD)]
    drawing = draw(chain(300), checks)
    assert len(drawing.steps) == MOST_STEPS
    assert drawing.more_steps == 600 - MOST_STEPS


def test_a_folded_box_without_a_wrong_number_says_that_it_is_not_drawn() -> None:
    assert [node.operation for node in draw(chain(100)).nodes if node.folded] == ["not drawn"]


def test_a_description_names_three_wrong_nodes_at_most() -> None:
    checks = [wrong(name, DATA, 1.0, 2.0) for name in ("x1", "x2", "x3", "L")]
    assert draw(EXAMPLE, checks).description.endswith("differ at x1, x2, x3 and 1 more.")


def test_a_picture_has_a_box_for_each_node_and_an_arrow_for_each_operand() -> None:
    picture = paint(draw(EXAMPLE, [wrong("x1", GRAD, 5.0, 4.0)]))
    assert [(box.name, box.kind) for box in picture.boxes] == [
        ("x1", "wrong"),
        ("x2", "right"),
        ("x3", "right"),
        ("L", "right"),
    ]
    assert len(picture.arrows) == len(picture.tips) == 4
    assert [(row.label, row.number, row.wrong) for row in picture.boxes[0].rows] == [
        ("data", "3", False),
        ("grad", "5", False),
        ("yours", "4", True),
    ]
    for box in picture.boxes:
        assert 0 <= box.x <= box.x + box.width <= picture.width
        assert 0 <= box.y <= box.y + box.height <= picture.height
        assert all(box.y < row.y < box.y + box.height for row in box.rows)


def test_a_picture_of_a_graph_without_numbers_has_only_headers() -> None:
    graph = parse("x = Value(2)\nL = -x")
    picture = paint(draw_graph("A title", graph, [], data=[None] * 2, grad=[None] * 2))
    assert [box.rows for box in picture.boxes] == [(), ()]


def test_characters_with_an_effect_are_visible_in_a_picture() -> None:
    drawing = draw(EXAMPLE)
    shown = paint(Drawing(title="a\x1b[31m", nodes=drawing.nodes, steps=()))
    assert shown.title == "a␛[31m"
