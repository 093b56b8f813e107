"""The calls of an engine's functions are counted, and are the same every time."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.worker.sandbox.programs import HONEST
from worker.driver.base.errors import OvertimeError
from worker.driver.base.messages import FILE
from worker.driver.base.protocol import SMALL_STEPS
from worker.driver.file.program import compile_text
from worker.driver.graph.call_count import DISABLE, CallCount
from worker.graph import Question, parse
from worker.report.model import Quantity, Verdict
from worker.sandbox import Failure, Limits, Loaded, Observation, Sandbox

SOURCE = """
def once(): pass
def listed(): return [once() for _ in range(3)]
def numbers():
    for n in range(5):
        yield n
async def later(): once()
def builtins(): return sorted(map(abs, [len("abc")] * 9))
"""


def count(expression: str, most: int = 1000, *, in_small_graph: bool = False) -> int | None:
    """How many calls an expression takes."""
    namespace: dict[str, object] = {}
    exec(compile_text(SOURCE), namespace)
    counted = CallCount(most, in_small_graph=in_small_graph)
    before = sys.getprofile(), sys.gettrace()
    counted.run(eval, expression, namespace)
    assert (sys.getprofile(), sys.gettrace()) == before
    return counted.calls


@contextlib.contextmanager
def traced_by(tracer: Any) -> Iterator[None]:
    """Replace what traces this test; nothing does in the sandbox, where no coverage is measured."""
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)


@pytest.mark.parametrize(
    ("expression", "calls"),
    [
        ("once()", 1),
        ("once(), once()", 2),
        ("listed()", 4),  # a comprehension is no call
        ("list(numbers())", 1),  # nor is it one to go on
        ("next(numbers())", 1),
        ("later().close()", 0),
        ("builtins()", 1),  # what is written in C is not counted
        ("max(1, 2)", 0),
    ],
)
def test_a_call_of_the_file_is_counted_once(expression: str, calls: int) -> None:
    assert count(expression) == calls
    assert count(expression, in_small_graph=True) == calls
    with traced_by(None):  # Python 3.11 counts in another way then
        large, small = count(expression), count(expression, in_small_graph=True)
    assert (large, small) == (calls, calls)


def test_too_many_calls_are_stopped() -> None:
    assert count("[once() for _ in 'abc']", most=3) == 3
    with pytest.raises(OvertimeError, match="more than"):
        count("[once() for _ in 'abcd']", most=3)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python reports only calls from 3.12 on")
def test_counting_ends_if_there_is_too_much_else_to_look_at() -> None:
    counted = CallCount(most_events=50)
    with traced_by(lambda *_: None):  # as a debugger would
        assert counted.run(eval, "[abs(n) for n in range(99)] and 1", {}) == 1
    assert counted.calls is None


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python reports only calls from 3.12 on")
def test_counting_ends_after_too_many_resumptions_of_the_file() -> None:
    namespace: dict[str, object] = {}
    exec(compile_text(SOURCE), namespace)
    counted = CallCount(most_events=5)
    with traced_by(None):
        assert counted.run(eval, "list(numbers())", namespace) == [0, 1, 2, 3, 4]
    assert counted.calls is None


def test_a_small_graph_is_stopped_by_what_is_no_call_of_its_own() -> None:
    walks = "def walk():\n    left = [1]\n    while left: left.append(left.pop())\n"
    namespace: dict[str, Any] = {}
    exec(compile(walks, FILE, "exec"), namespace)
    for _ in range(2):
        counted = CallCount(most_events=500, in_small_graph=True)
        with pytest.raises(OvertimeError, match="too many calls and turns of loops"):
            counted.run(namespace["walk"])


def test_turns_of_loops_are_counted_in_the_file_alone() -> None:
    counted = CallCount(most_events=2, in_small_graph=True)
    assert counted.count_turn(compile("", "other.py", "exec")) is DISABLE
    own = compile("", FILE, "exec")
    assert counted.count_turn(own) is None
    for _ in range(2):
        with pytest.raises(OvertimeError, match="turns of loops"):
            counted.count_turn(own)


def test_small_graphs_have_smaller_limits() -> None:
    small, large = CallCount.for_graph(SMALL_STEPS), CallCount.for_graph(SMALL_STEPS + 1)
    assert (small.in_small_graph, large.in_small_graph) == (True, False)


def ask(sandbox: Sandbox, source: str, program: str) -> Observation | Failure:
    question = Question(graph=parse(program), reads=[(0, Quantity.GRAD)], measure=True)
    with sandbox.session(source, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        (answer,) = session.run_all([question])
        assert session.alive
    return answer


def test_a_measured_question_is_answered_with_the_same_calls_every_time(sandbox: Sandbox) -> None:
    program = "x = Value(2)\ny = x\nfor _ in range(20):\n    y = y * x\ny.backward()"
    costs = []
    for _ in range(2):
        answer = ask(sandbox, HONEST, program)
        assert isinstance(answer, Observation)
        assert answer.cost is not None
        costs.append((answer.cost.calls, answer.cost.nodes))
    assert costs[0] == costs[1]
    calls, nodes = costs[0]
    assert calls is not None
    assert nodes == 21
    assert nodes < calls < 20 * nodes


def test_a_question_may_be_measured_without_a_count(sandbox: Sandbox) -> None:
    graph = parse("x = Value(1)\ny = x * x\ny.backward()")
    question = Question(graph=graph, reads=[(0, Quantity.GRAD)], measure=True)
    with sandbox.session(HONEST, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        (answer,) = session.run_all([question.uncounted])
    assert isinstance(answer, Observation)
    assert answer.cost is not None
    assert answer.cost.calls is None


def test_an_engine_that_calls_without_end_is_stopped_and_the_session_goes_on(
    sandbox: Sandbox,
) -> None:
    walks = HONEST + "\ndef step(): pass\ndef walk(node):\n    while node.data == 1: step()\n"
    answer = ask(sandbox, walks + "Value.backward = walk\n", "x = Value(1)\nx.backward()")
    assert isinstance(answer, Failure)
    assert answer.verdict is Verdict.TIMEOUT
    assert answer.message.startswith("It makes more than 250,000 calls, so it was stopped (line ")
