"""The worked example as four steps: the graph, then its gradients from the output to the leaves."""

from __future__ import annotations

from dataclasses import dataclass

from service.web.view.drawing import Drawing, draw_graph
from service.web.view.graph_svg import GraphPicture, paint
from worker.graph import parse
from worker.reference.engine import evaluate

PROGRAM = """\
x1 = Value(3)
x2 = Value(4)
x3 = x1 * x2
x4 = Value(5)
x5 = x3 + x4
x6 = Value(2)
L = x5 * x6
L.backward()"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step: its title, what happens, and the nodes that get their gradients."""

    title: str
    text: str
    nodes: tuple[str, ...] = ()


STAGES = (
    Stage(
        "The graph",
        "The forward pass computes each number from its operands. The result is L = 34. "
        "We look for the gradient of every node: how fast does L change when this node changes?",
    ),
    Stage(
        "The first gradients",
        "L changes as fast as itself, so its gradient is 1. L is the product of x5 and x6. Each "
        "factor gets the other one, times the gradient of L: x5 gets 2 * 1 = 2, and x6 gets "
        "17 * 1 = 17.",
        ("L", "x5", "x6"),
    ),
    Stage(
        "More gradients",
        "x5 is the sum of x3 and x4. A sum passes its gradient on unchanged, so both get 2.",
        ("x3", "x4"),
    ),
    Stage(
        "All gradients",
        "x3 is the product of x1 and x2. Again each factor gets the other one, times the gradient "
        "of x3: x1 gets 4 * 2 = 8, and x2 gets 3 * 2 = 6. Every node has its gradient now.",
        ("x1", "x2"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStage:
    """A step as its page shows it. `number` counts from 1."""

    number: int
    stage: Stage
    drawing: Drawing
    picture: GraphPicture


def show_stage(number: int) -> ShownStage:
    """A step with the gradients that are known then. `number` is from 1 to len(STAGES)."""
    graph = parse(PROGRAM)
    right = evaluate(graph)
    known = {graph.names[name] for stage in STAGES[:number] for name in stage.nodes}
    stage = STAGES[number - 1]
    drawing = draw_graph(
        f"The worked example: {stage.title.lower()}",
        graph,
        [],
        data=right.data,
        grad=[grad if node in known else None for node, grad in enumerate(right.grad)],
    )
    return ShownStage(number=number, stage=stage, drawing=drawing, picture=paint(drawing))
