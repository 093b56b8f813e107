"""Programs become graphs; what is no program is refused by line and reason."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.program_strategies import programs
from worker.driver.base.channel import read_question
from worker.graph import (
    Apply,
    Assertion,
    Backward,
    Constant,
    Leaf,
    Number,
    ProgramError,
    Question,
    parse,
    parser,
    to_wire,
)
from worker.graph.parser import MAX_DEPTH
from worker.graph.text import MAX_CHARACTERS
from worker.report.model import Quantity

WORDS = ["x", "y", "Value", "tanh", "range", "for", "in", "_", "assert", "grad", "data", "backward"]
SIGNS = ["=", "==", "(", ")", ":", "\n", "\n    ", " ", "+", "*", "**", "-", "/", "+=", ".", "3"]
ODDITIES = ["0.5", "1e999", "10**9", "True", "None", "1j", "'s'", "[", "]", "9" * 5000, "\x00", "é"]


def spell(*steps: str) -> str:
    return "\n".join(steps)


def test_the_worked_example_becomes_seven_nodes_and_a_backward() -> None:
    graph = parse(
        spell(
            "x1 = Value(3)",
            "x2 = Value(4)",
            "x3 = x1 * x2",
            "L = (x3 + Value(5)) * Value(2.5)",
            "L.backward()",
        )
    )
    assert graph.steps == (
        Leaf(3),
        Leaf(4),
        Apply("*", (0, 1)),
        Leaf(5),
        Apply("+", (2, 3)),
        Leaf(2.5),
        Apply("*", (4, 5)),
        Backward(6),
    )
    assert graph.names == {"x1": 0, "x2": 1, "x3": 2, "L": 6}
    assert graph.outputs == (6,)
    assert graph.nodes == graph.steps[:-1]


@pytest.mark.parametrize(
    ("expression", "step"),
    [
        ("x + 2", Apply("+", (0, Constant(2)))),
        ("2 - x", Apply("-", (Constant(2), 0))),
        ("x / x", Apply("/", (0, 0))),
        ("x ** -0.5", Apply("**", (0, Constant(-0.5)))),
        ("(-2) ** x", Apply("**", (Constant(-2), 0))),
        ("-x", Apply("neg", (0,))),
        ("x.tanh()", Apply("tanh", (0,))),
        ("tanh(x)", Apply("tanh", (0,))),
        ("abs(x)", Apply("abs", (0,))),
        ("x * - -2", Apply("*", (0, Constant(2)))),
    ],
)
def test_each_form_of_an_operation_is_a_step(expression: str, step: Apply) -> None:
    assert parse(f"x = Value(3)\ny = {expression}").steps == (Leaf(3), step)


def test_an_alias_makes_no_node() -> None:
    graph = parse("x = Value(3)\ny = x")
    assert graph.names == {"x": 0, "y": 0}
    assert len(graph.steps) == 1


def test_an_augmented_assignment_binds_the_name_to_a_new_node_and_leaves_the_alias() -> None:
    graph = parse("x = Value(3)\ny = x\ny += x")
    assert graph.steps[1] == Apply("+=", (0, 0))
    assert graph.names == {"x": 0, "y": 1}


def test_a_loop_is_unrolled() -> None:
    graph = parse("x = Value(3)\ny = x\nfor _ in range(3):\n    y = y * x")
    assert graph.steps[1:] == (Apply("*", (0, 0)), Apply("*", (1, 0)), Apply("*", (2, 0)))


def test_a_loop_without_rounds_is_checked_and_adds_nothing() -> None:
    body = "for _ in range(0):\n    y = x * 2\n    assert y.data == 6\n"
    graph = parse("x = Value(3)\n" + body)
    assert (graph.steps, graph.names, graph.assertions) == ((Leaf(3),), {"x": 0}, ())
    with pytest.raises(ProgramError, match="line 2: import os is not a statement"):
        parse("for _ in range(0):\n    import os")


def test_assertions_are_expected_numbers() -> None:
    graph = parse("x = Value(3)\nassert x.data == 3\nassert x.grad == -0.5")
    assert graph.assertions == (
        Assertion(name="x", node=0, quantity=Quantity.DATA, number=3, line=2),
        Assertion(name="x", node=0, quantity=Quantity.GRAD, number=-0.5, line=3),
    )


def test_a_point_fills_in_leaves_operands_and_counts_in_the_program_too() -> None:
    program = "x = Value(x)\ny = n ** x * c\nfor _ in range(k):\n    y = -c * y"
    graph = parse(program, constants={"x": -4, "n": -2, "c": 0.5, "k": 2})
    assert graph.program == spell(
        "x = Value(-4)",
        "y = (-2) ** x * 0.5",
        "for _ in range(2):",
        "    y = -0.5 * y",
    )
    assert parse(graph.program) == graph


def test_the_wire_keeps_nodes_and_constants_and_ints_and_floats_apart() -> None:
    graph = parse("x = Value(3)\ny = 2.0 * tanh(x)\ny += 1\ny.backward()")
    wire = to_wire(graph)
    assert wire == (("leaf", 3), ("tanh", 0), ("*", (2.0,), 1), ("+=", 2, (1,)), ("backward", 3))
    question = Question(graph=graph, reads=[(node, Quantity.DATA) for node in range(4)])
    assert repr(read_question(question.body)["steps"]) == repr(wire)


@pytest.mark.parametrize(
    ("program", "wire"),
    [
        ("L = x * x * x", (("*", 0, 0), ("*", ~1, 0))),
        ("y = -x\nL = y + y\ny = L * x", (("neg", 0), ("+", 1, ~1), ("*", 2, 0))),
        ("L = -(-x + 1)", (("neg", 0), ("+", ~1, (1,)), ("neg", ~2))),
        ("x = Value(x.data - 2 * x.grad)", (("update", ~0, 2),)),
        ("y = x * 2\ny.backward()\ny = -x", (("*", 0, (2,)), ("backward", ~1), ("neg", 0))),
    ],
)
def test_a_node_without_a_name_is_dropped_after_its_last_use(
    program: str, wire: tuple[tuple[object, ...], ...]
) -> None:
    graph = parse(f"x = Value(3)\n{program}")
    assert to_wire(graph, keep=set(graph.names.values()))[1:] == wire


def test_a_node_that_is_read_is_kept() -> None:
    graph = parse("x = Value(3)\nL = -(-x)")
    question = Question(graph=graph, reads=[(1, Quantity.DATA)])
    assert read_question(question.body)["steps"] == (("leaf", 3), ("neg", 0), ("neg", 1))


def test_a_long_chain_can_be_encoded() -> None:
    graph = parse("x = Value(1)\ny = x\nfor _ in range(20_000):\n    y = y * x\ny.backward()")
    assert graph.names["y"] == 20_000


@pytest.mark.parametrize(
    ("program", "line", "reason"),
    [
        ("x = Value(1)\ny = x +", 2, "this is not Python"),
        ("x = Value(1)\0", 1, "this is not Python"),
        ("x = Value(1)  # \ud800", 1, "this is not Python"),
        ("print(" + "-" * 500 + "1)", 1, "this is not a statement of a graph's program"),
        ("x = [0x" + "f" * 5000 + "]", 1, "this is not an expression of a graph's program"),
        ("", 1, "the program makes no Value"),
        ("x = Value(3)\n\nL = x * y", 3, "y is used before it is set"),
        ("x.backward()", 1, "x is used before it is set"),
        ("y += Value(1)", 1, "y is used before it is set"),
        ("x = 3", 1, "x is set to a plain number; write Value(3)"),
        ("x = Value(3)\ny = Value(x)", 2, "x is a Value where a number is needed"),
        ("x = Value(3)\ny = x + 2 * 3", 2, "2 * 3 has no Value in it; write its result"),
        ("y = tanh(3)", 1, "tanh is called on a plain number"),
        ("x = Value(3)\ny = x.arctan()", 2, "there is no function arctan; there are tanh, exp"),
        ("x = Value(3)\ny = x % 2", 2, "uses an operator other than"),
        ("x = Value(3)\nx //= 2", 2, "uses an operator other than"),
        ("x = y = Value(3)", 1, "is not a statement of a graph's program"),
        ("import os", 1, "import os is not a statement of a graph's program"),
        ("x = Value(3)\nx.grad = 5", 2, "is not a statement"),
        ("x = Value(3)\nx.backward(1)", 2, "is not a statement"),
        ("x = [Value(i) for i in (1, 2)]", 1, "is not an expression of a graph's program"),
        ("x = Value(3, 4)", 1, "is not an expression"),
        ("x = Value(data=3)", 1, "is not an expression"),
        ("x = Value(True)", 1, "True is not a number"),
        ("x = Value('3')", 1, "'3' is not a number"),
        ("x = Value(3j)", 1, "is not a number"),
        ("x = Value(1e999)", 1, "the number is not finite"),
        ("x = Value(9007199254740993)", 1, "whole numbers beyond 2**53 are not exact"),
        ("Value = Value(3)", 1, "Value has a fixed meaning"),
        ("tanh = Value(3)", 1, "tanh has a fixed meaning"),
        ("for i in range(3):\n    x = Value(1)", 1, "is not a statement"),
        ("for _ in [1]:\n    x = Value(1)", 1, "a loop runs over range(N)"),
        ("for _ in range(-1):\n    x = Value(1)", 1, "not negative"),
        ("for _ in range(2.0):\n    x = Value(1)", 1, "a whole number N"),
        ("for _ in range(2):\n    x = Value(1)\nelse:\n    y = x", 1, "is not a statement"),
        ("x = Value(3)\nassert x.data", 2, "an assertion compares"),
        ("x = Value(3)\nassert x.data == 3, 'so'", 2, "is not a statement"),
        ("x = Value(3)\nassert x.data == x.grad", 2, "x.grad is not a number"),
        ("x = Value(3)\nassert x.data == 2 < 4", 2, "an assertion compares"),
        ("x = Value(1)\ny = " + "-" * 70 + "x", 2, "give a part of it a name"),
        ("x = Value(1)\ny = " + "(" * 5000 + "x", 2, "this is not Python"),
        ("x = " + "-" * 90_000 + "1", 1, ""),
        ("x = Value(1)\n" * 10_000, 1, f"longer than {MAX_CHARACTERS:,} characters"),
        ("n" * 50 + ".backward()", 1, "n" * 37 + "... is used before it is set"),
    ],
)
def test_a_text_that_is_not_a_program_is_rejected_with_line_and_reason(
    program: str, line: int, reason: str
) -> None:
    with pytest.raises(ProgramError) as refused:
        parse(program)
    assert refused.value.line == line
    assert reason in refused.value.reason
    assert str(refused.value) == f"line {line}: {refused.value.reason}"


def test_a_bomb_of_nested_loops_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_STEPS", 3_000)
    bomb = "x = Value(1)\nfor _ in range(99999):\n for _ in range(99999):\n  x = x + x"
    with pytest.raises(ProgramError, match="line 4: the program takes more than 3,000 steps"):
        parse(bomb)


def test_the_nesting_of_loops_is_limited() -> None:
    depth = MAX_DEPTH + 1
    loops = "".join(f"{' ' * level}for _ in range(1):\n" for level in range(depth))
    with pytest.raises(ProgramError, match=f"line {depth}: loops are nested deeper"):
        parse(loops + " " * depth + "x = Value(1)")


@pytest.mark.parametrize(
    ("program", "constants", "reason"),
    [
        ("x = Value(x)", {"x": float("nan")}, "not finite"),
        ("x = Value(x)", {"x": 2**60}, "not exact"),
        ("x = Value(x)", {"x": 1, "z": 2}, "gives a number for z, which the program never uses"),
        ("x = Value(1)\ny = x * c\nc = x", {"c": 3}, "c stands for a number"),
    ],
)
def test_a_point_that_does_not_fit_is_rejected(
    program: str, constants: dict[str, Number], reason: str
) -> None:
    with pytest.raises(ProgramError, match=reason):
        parse(program, constants=constants)


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(WORDS + SIGNS + ODDITIES)).map("".join),
        st.lists(st.sampled_from(WORDS + SIGNS)).map(" ".join).map("x = Value(3)\ny = ".__add__),
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_graph_or_a_program_error(text: str) -> None:
    try:
        graph = parse(text)
    except ProgramError as error:
        line, reason = error.line, error.reason
    else:
        line, reason = 1, graph.program
    assert line >= 1
    assert reason


@given(programs())
@settings(max_examples=50, deadline=None)
def test_the_program_of_a_graph_gives_the_same_graph(program: str) -> None:
    graph = parse(program)
    assert parse(graph.program) == graph
    ast.parse(graph.program)
