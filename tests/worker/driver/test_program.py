"""A file's demos cost nothing: statements that fail, train or take long are left out."""

from __future__ import annotations

import signal
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.worker.driver.in_process import found, load, observe, undisturbed
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.errors import OvertimeError
from worker.driver.base.messages import MODULE, OUT_OF_MEMORY
from worker.driver.file import program
from worker.driver.file.program import Program, compile_text
from worker.driver.file.training_loops import does_something, find_training
from worker.driver.file.work_budget import BUDGET, MOST_TICKS, Guard, _tick, start_ticks
from worker.driver.load import load as load_file
from worker.sandbox import Limits, Loaded, Sandbox

SUM = "a = Value(2)\nb = Value(3)\nc = a + b\nc.backward()"


def notes(source: str) -> list[str]:
    told: list[str] = found(source)["notes"]
    return told


def names_after(source: str) -> set[str]:
    """The names that a file has defined when it is loaded."""
    module = ModuleType(MODULE)
    with undisturbed():
        load_file(source, module)
    return set(vars(module))


def test_a_statement_that_fails_is_left_out_and_the_rest_runs() -> None:
    source = HONEST + "rows = open('no/such/file')\nlast = 1\n"
    assert notes(source)[0].startswith("Line 42 was left out: FileNotFoundError: ")
    assert "last" in names_after(source)
    assert "rows" not in names_after(source)


def test_only_the_failing_statement_of_a_line_is_left_out() -> None:
    assert {"one", "three"} <= names_after("one = 1; two = 1 / 0; three = 3\n" + HONEST)


def test_a_failing_statement_before_the_class_keeps_the_class() -> None:
    assert observe("1 / 0\n" + HONEST, SUM, "a") == {"numbers": [2, 1]}


def test_statements_that_depend_on_an_omitted_one_are_listed_together() -> None:
    source = HONEST + "rows = open('no/such/file')\nfirst = rows[0]\nsecond = first + 1\n"
    assert notes(source)[1:] == [
        "Also left out, because it depends on a statement that was left out: line 43, line 44."
    ]


def test_many_failures_are_summarised() -> None:
    told = notes(HONEST + "1 / 0\n" * 30 + "x = open('no/such/file')\n" + "x\n" * 30)
    assert len(told) == program.MOST_LISTED + 2
    assert told[program.MOST_LISTED] == "23 more statements were left out."
    assert told[-1].endswith("line 80 and 22 more.")


def test_a_class_that_fails_is_the_problem() -> None:
    source = "1 / 0\nclass Value:\n    limit = undefined\n    def __add__(self, other): ...\n"
    problem = load(source)["problem"]
    assert problem["kind"] == "load_error"
    assert (problem["line"], problem["source_line"]) == (3, "    limit = undefined")
    assert problem["message"] == "NameError: name 'undefined' is not defined"


def test_a_decorated_class_that_fails_is_left_out_from_its_first_line_on() -> None:
    source = "def no(_): 1 / 0\n@no\nclass Net:\n    pass\nlast = 1\n" + HONEST
    assert "last" in names_after(source)
    assert notes(source) == ["Line 3 was left out: ZeroDivisionError: division by zero"]


def test_running_out_of_memory_after_a_failure_is_reported() -> None:
    assert load("1 / 0\nraise MemoryError") == OUT_OF_MEMORY


def test_code_that_is_nested_too_deep_runs_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = HONEST + "1 / 0\n"
    deep = Program(text)
    code = compile_text(text)

    def give_up(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setitem(vars(program), "compile", give_up)
    namespace: dict[str, object] = {}
    deep.run(code, namespace)
    assert "Value" in namespace
    assert [omission.line for omission in deep.omissions] == [1]


# Training


LOOP = "for step in range(10 ** 9):\n    (Value(1) * Value(2)).backward()\n"
TRAIN = "def fit_all(n):\n    while n:\n        Value(1).backward()\n"


@pytest.mark.parametrize(
    "training",
    [
        LOOP,
        f"{TRAIN}fit_all(10 ** 9)\n",
        f"{TRAIN}losses = fit_all(10 ** 9)\n",
        f"{TRAIN}total: float = fit_all(10 ** 9)\n",
        "with suppress(ValueError):\n    while True:\n        Value(1).backward()\n",
    ],
)
def test_training_is_left_out_before_it_starts(training: str) -> None:
    told = notes(HONEST + training)
    assert len(told) == 1
    assert told[0].endswith("was left out: it runs backward in a loop, which grading doesn't need.")


def test_a_loop_that_defines_something_is_no_training() -> None:
    register = (
        "for name in ('__radd__', '__rmul__'):\n"
        "    setattr(Value, name, lambda self, other: self)\n"
        "    Value(1).backward()\n"
    )
    store = "for _ in range(2):\n    Value.backprop = Value.backward\n    Value(1).backward()\n"
    within = "for _ in range(2):\n    def helper(): pass\n    Value(1).backward()\n"
    for source in (register, store, within):
        assert notes(HONEST + source) == []


BACKWARD = """
def backward(node):
    for child in node.children:
        backward(child)
backward(Value(3))
"""
FACTORY = """
def make():
    for _ in ():
        Value(1).backward()
    class Other: ...
    return Other
Other = make()
"""


@pytest.mark.parametrize("demo", [BACKWARD, FACTORY])
def test_a_call_of_backward_or_of_a_class_factory_is_no_training(demo: str) -> None:
    assert notes(HONEST + demo) == []


def test_training_under_the_usual_guard_is_not_reported() -> None:
    source = HONEST + "if __name__ == '__main__':\n    " + LOOP.replace("\n", "\n    ")
    assert notes(source) == []


def test_a_file_that_does_more_than_define_is_recognised() -> None:
    for text in (
        HONEST,
        '"""Text."""\nimport math\nfrom math import e\nE = 2\nx: int = 3\n@d\ndef f():\n    f()\n',
        "x = y\nclass A:\n    pass\nif __name__ == '__main__':\n    main()\n",
    ):
        assert not does_something(text)
    for text in (
        "main()",
        "for x in y:\n    pass",
        "x = f()",
        "x = [\n    f()\n]",
        "x.y = 1",
        "try:\n    x = 1",
    ):
        assert does_something(HONEST + text)


def test_only_training_is_found() -> None:
    text = f"{TRAIN}class A:\n    def fit(self):\n        {LOOP}\nprint(1)\nx = A\n{LOOP}"
    tree = Program(text.replace("    (Value", "            (Value", 1)).statements
    assert [statement.lineno for statement in find_training(tree)] == [11]


# The guard


def test_a_slow_demo_is_stopped_and_the_rest_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Guard.__init__, "__defaults__", (20_000, MOST_TICKS))
    source = HONEST + "while True:\n    len('')\n\nValue.__radd__ = Value.__add__\nprint(end='')\n"
    assert notes(source) == [f"Line 42 was left out: {program.OVERTIME}"]
    assert "__radd__" in vars(module_of(source)["Value"])


SLOW = "while True:\n    len('')\n"
# It makes more calls than pass between two looks at the clock, as @dataclass does.
CALLS = """
def decorated(kind):
    [abs(number) for number in range(5000)]
    return kind
"""


@pytest.mark.parametrize("between", ["", "1 / 0\n"])
def test_a_slow_demo_loses_no_definition_and_no_import(between: str) -> None:
    source = f"{CALLS}{between}{SLOW}from torch.nn import functional\n@decorated\n{HONEST}"
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}
    told = notes(source)
    assert told[0] == "torch isn't available here; a placeholder was used instead."
    assert told[-1].endswith(program.OVERTIME)
    assert len(told) == 2 + bool(between)


def test_a_definition_does_not_pay_for_work_done_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Guard.__init__, "__defaults__", (20_000, MOST_TICKS))
    source = f"{CALLS}[abs(number) for number in range(19_000)]\n@decorated\n{HONEST}"
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}
    assert notes(source) == []


@pytest.mark.parametrize(("demo", "reason"), [(SLOW, program.OVERTIME), (LOOP, program.TRAINING)])
def test_a_missing_class_is_reported_with_what_did_not_run(demo: str, reason: str) -> None:
    told = load(f"x = 1\n{demo}")["problem"]
    assert told["kind"] == "no_class"
    assert told["message"].endswith(f"`__mul__`. Line 2 was left out: {reason}")


def module_of(source: str) -> dict[str, object]:
    module = ModuleType(MODULE)
    with undisturbed():
        load_file(source, module)
    return vars(module)


def count_until_stopped(source: str, budget: int) -> int:
    """How far a module that counts in `n` comes with a budget."""
    namespace: dict[str, object] = {"n": 0}
    with pytest.raises(OvertimeError):
        Guard(budget).run(program.compile_text(source), namespace)
    n = namespace["n"]
    assert isinstance(n, int)
    return n


@pytest.mark.parametrize(
    "source",
    [
        "while True:\n    n += 1\n    len('')",
        "def count():\n    global n\n    n += 1\nwhile True: count()",
        "def count(_):\n    global n\n    n += 1\nfor _ in map(count, iter(int, 1)): pass",
    ],
)
def test_a_budget_ends_at_the_same_point_every_time(source: str) -> None:
    first = count_until_stopped(source, 5000)
    assert 1000 < first <= 5000
    assert {count_until_stopped(source, 5000) for _ in range(3)} == {first}
    assert count_until_stopped(source, 2500) < first


def test_a_loop_that_calls_nothing_ends_at_the_same_turn_every_time(sandbox: Sandbox) -> None:
    source = f"{HONEST}n = 0\nwhile True:\n    n += 1\n    n += 0\nprint(n)\n"
    printed = set()
    for _ in range(2):
        with sandbox.session(source, Limits()) as session:
            assert isinstance(session.load(), Loaded)
            printed.add(int(session.stdout))
    assert len(printed) == 1
    assert BUDGET / 2 < printed.pop() <= BUDGET


def test_code_that_reports_nothing_is_stopped_by_its_own_cpu_time() -> None:
    before = signal.getsignal(signal.SIGPROF)
    start_ticks()
    try:
        with pytest.raises(OvertimeError):
            Guard(ticks=1).call(exec, "def f():\n    while True: pass\nf()", {})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_a_file_that_catches_the_end_is_stopped_again() -> None:
    catches = "def f():\n    try:\n        while True: len('')\n    except BaseException: pass\n"
    catches += "    while True: pass\nf()"
    before = signal.getsignal(signal.SIGPROF)
    start_ticks()
    try:
        with pytest.raises(OvertimeError):
            Guard(500).run(program.compile_text(catches), {})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_the_guard_leaves_no_trace() -> None:
    before = sys.getprofile(), sys.gettrace()
    assert Guard().call(len, "abc") == 3
    Guard().run(program.compile_text("for x in range(3):\n    y = x"), {})
    assert (sys.getprofile(), sys.gettrace()) == before


# Annotations


def test_annotations_are_not_evaluated() -> None:
    source = HONEST.replace(
        "def __add__(self, other):", "def __add__(self, other: No) -> Value | No:"
    )
    assert notes(source) == []
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}


def test_a_tick_in_our_own_code_stops_the_next_call_instead() -> None:
    """Our code may be raising the end of the budget, whose position would be lost."""
    ours: Any = SimpleNamespace(f_code=Guard.look.__code__)
    steps: list[str] = []

    def work() -> None:
        _tick(signal.SIGPROF, ours)
        note("after another call")

    def note(step: str) -> None:
        steps.append(step)

    with pytest.raises(OvertimeError) as raised:
        Guard(ticks=0).call(work)
    assert steps == []
    assert "_tick" not in [entry.name for entry in raised.traceback]
    with pytest.raises(OvertimeError) as raised:
        Guard(ticks=0).call(_tick, signal.SIGPROF, sys._getframe())
    assert raised.traceback[-1].name == "_tick"
