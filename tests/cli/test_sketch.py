"""A graph on a terminal: each node once, in plain ASCII."""

from __future__ import annotations

import io

from rich.console import Console

from service.cli.output.sketch import sketch
from service.web.view.drawing import draw_graph
from service.web.view.focus import Focus
from worker.graph import parse
from worker.reference.engine import evaluate
from worker.report.model import Check, Quantity

DIAMOND = "x = Value(2)\nu = x * 3\nv = u.tanh()\nL = v + u\nL.backward()"


def sketched(*checks: Check, focus: Focus | None = None) -> list[str]:
    graph = parse(DIAMOND)
    right = evaluate(graph)
    drawing = draw_graph("T", graph, checks, data=right.data, grad=right.grad, focus=focus)
    text = io.StringIO()
    Console(file=text, width=80).print(sketch(drawing))
    return [line.rstrip() for line in text.getvalue().splitlines()]


def test_operands_stand_below_their_node_and_a_second_use_has_no_numbers() -> None:
    assert [line[:24].rstrip() for line in sketched()[1:]] == [
        "L = v + u",
        "|-- v = tanh(u)",
        "|   `-- u = x * 3",
        "|       `-- x = Value(2)",
        "`-- u (above)",
    ]


def test_wrong_numbers_and_the_mark_are_in_words() -> None:
    wrong = Check("u", Quantity.DATA, 6.0, 5.0, 1.0, 0.0, False)
    lost = Check("x", Quantity.GRAD, 3.0, None, None, 0.0, False)
    lines = sketched(wrong, lost, focus=Focus(node=1))
    assert " 6, yours 5 " in lines[3]
    assert lines[3].endswith("<-- first difference")
    assert lines[4].endswith("3, yours none")
    assert all(line.isascii() for line in lines)
