"""What the driver says of a student's file, in process; `test_session` runs it sandboxed."""

from __future__ import annotations

import gc
import io
import json
import math
import os
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.programs import HONEST, PRINTED, WORKED_EXAMPLE, reads
from worker import driver
from worker.graph import parse, to_wire


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Puts back what loading a file changes in the process."""
    limit, threshold = sys.getrecursionlimit(), gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    sys.setrecursionlimit(limit)
    sys.modules.pop(driver.MODULE, None)


def load(source: str) -> dict[str, Any]:
    return driver.load(source, ModuleType(driver.MODULE))


def observe(source: str, program: str, *names: str) -> dict[str, Any]:
    """The answer to a graph: data and gradients of the nodes of these names."""
    module = ModuleType(driver.MODULE)
    found = driver.load(source, module)
    graph = parse(program)
    asked = [[node, part, f"node {node}.{part}"] for node, part in reads(graph, names)]
    request = {"steps": to_wire(graph), "reads": asked}
    return driver.observe(request, vars(module)[found["class"]], module)


def failure(source: str, program: str, *names: str) -> tuple[str, str]:
    """The verdict and the message of a graph that fails."""
    told = observe(source, program, *names)["failure"]
    return told["verdict"], told["message"]


def line_of(source: str, text: str) -> int:
    """The number of the first line with this text."""
    return source[: source.index(text)].count("\n") + 1


PRODUCT = "a = Value(2)\nb = Value(3)\nc = a * b\nc.backward()"


# Loading


def test_an_honest_engine_gives_the_worked_example() -> None:
    names = ("x1", "x2", "x3", "x4", "x5", "x6", "L")
    answer = observe(HONEST, WORKED_EXAMPLE.program, *names)
    assert answer == {"numbers": [3, 4, 12, 5, 17, 2, 34, 8, 6, 2, 2, 2, 17, 1]}


def test_the_printed_class_works_and_its_power_gets_its_true_verdict() -> None:
    assert observe(PRINTED, PRODUCT, "a", "b") == {"numbers": [2, 3, 3, 2]}
    verdict, message = failure(PRINTED, "a = Value(2)\nb = a ** 3", "b")
    assert verdict == "error"
    assert "unexpected keyword argument '_op'" in message
    assert message.endswith(f"(line {line_of(PRINTED, 'self.data**power') - 1})")


def test_backwards_is_as_good_as_backward() -> None:
    spelled = HONEST.replace("def backward(", "def backwards(")
    assert observe(spelled, PRODUCT, "a") == {"numbers": [2, 3]}


def test_a_syntax_error_has_line_column_and_source_line() -> None:
    assert load("x = 1\nif x\n    pass\n")["problem"] == {
        "kind": "syntax_error",
        "message": "SyntaxError: expected ':'",
        "line": 2,
        "column": 5,
        "source_line": "if x",
    }


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    problem = load(end.join(["x = 1", "  y = 2", "z = 3"]))["problem"]
    assert problem["message"] == "IndentationError: unexpected indent"
    assert (problem["line"], problem["source_line"]) == (2, "  y = 2")


def test_a_byte_order_mark_is_no_syntax_error() -> None:
    assert load("\ufeff" + HONEST) == {"class": "Value"}


@pytest.mark.parametrize(
    "source", ["x = 1\0", "x = '\ud800'", "+" * 50_000 + "1 +", "f(" * 300, "1" * 5000]
)
def test_what_python_cannot_read_is_a_syntax_error_or_out_of_memory(source: str) -> None:
    answer = load(source)
    if "problem" in answer:
        assert answer["problem"]["kind"] == "syntax_error"
        assert answer["problem"]["message"]
    else:
        assert answer == driver.OUT_OF_MEMORY


def test_a_compiler_that_gives_up_on_depth_is_a_syntax_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RecursionError("maximum recursion depth exceeded during compilation")

    monkeypatch.setitem(vars(driver), "compile", give_up)
    problem = load("x = 1")["problem"]
    assert problem["kind"] == "syntax_error"
    assert "cannot read the file" in problem["message"]


def test_an_empty_file_has_no_class() -> None:
    assert load("")["problem"]["kind"] == "no_class"


def test_a_file_without_a_value_says_what_is_needed_and_what_was_found() -> None:
    problem = load("class Layer:\n    pass\nclass Other:\n    x = 1\n")["problem"]
    assert problem["kind"] == "no_class"
    assert "a class with __add__ or __mul__ is needed" in problem["message"]
    assert "Layer, Other" in problem["message"]


def test_two_classes_are_named() -> None:
    source = HONEST.replace("Value", "One") + HONEST.replace("Value", "Two")
    problem = load(source)["problem"]
    assert problem["kind"] == "ambiguous_class"
    assert problem["message"].endswith("One, Two.")


def test_among_several_classes_the_one_named_value_is_it() -> None:
    assert load(HONEST.replace("Value", "Tensor") + HONEST) == {"class": "Value"}


def test_the_only_class_with_arithmetic_may_have_any_name() -> None:
    assert load(HONEST.replace("Value", "Scalar") + "class Net:\n    pass") == {"class": "Scalar"}


def test_a_second_name_for_the_class_is_not_a_second_class() -> None:
    source = HONEST.replace("Value", "Scalar") + "Node = Scalar\n"
    assert load(source) == {"class": "Scalar"}


def test_a_class_may_inherit_its_arithmetic_from_one_in_the_file() -> None:
    assert load(HONEST.replace("Value", "Base") + "class Value(Base):\n    pass") == {
        "class": "Value"
    }


def test_an_imported_class_is_not_the_students() -> None:
    assert load("from fractions import Fraction")["problem"]["kind"] == "no_class"


def test_a_demo_under_the_usual_guard_does_not_run() -> None:
    assert load(HONEST + "if __name__ == '__main__':\n    1 / 0") == {"class": "Value"}


def test_an_exception_while_loading_is_a_problem_with_its_line() -> None:
    assert load("x = 1\n\ny = x / 0\n")["problem"] == {
        "kind": "load_error",
        "message": "ZeroDivisionError: division by zero",
        "line": 3,
        "column": None,
        "source_line": "y = x / 0",
    }


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import no_such_module", "only Python's standard library is here"),
        ("raise SystemExit", "asked to end the program"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "call itself without end"),
        ("import dataclasses\nassert False", "AssertionError"),
    ],
)
def test_a_load_error_says_what_helps(source: str, words: str) -> None:
    sys.setrecursionlimit(1000)
    problem = load(source)["problem"]
    assert problem["kind"] == "load_error"
    assert words in problem["message"]


def test_running_out_of_memory_while_loading_is_told() -> None:
    assert load("raise MemoryError") == driver.OUT_OF_MEMORY


def test_a_dataclass_and_its_annotations_find_their_module() -> None:
    source = (
        "from dataclasses import dataclass, field\nfrom typing import ClassVar, get_type_hints\n"
        "@dataclass(eq=False)\nclass Value:\n    data: float\n    grad: float = 0.0\n"
        "    kinds: ClassVar[list[int]] = []\n    def __add__(self, other: 'Value') -> 'Value':\n"
        "        return Value(self.data + other.data)\nget_type_hints(Value.__add__)\n"
    )
    assert load(source) == {"class": "Value"}


# Making graphs


SIGNS = [("-", "sub"), ("/", "truediv"), ("**", "pow")]


@pytest.mark.parametrize(("sign", "name"), SIGNS)
def test_a_missing_operator_is_unsupported(sign: str, name: str) -> None:
    program = f"a = Value(2)\nb = Value(3)\nc = a {sign} b"
    verdict, message = failure(HONEST, program, "c")
    assert verdict == "unsupported"
    assert message == (f"Value {sign} Value is not supported: Value.__{name}__ is missing.")


@pytest.mark.parametrize(("sign", "name"), [*SIGNS, ("+", "add"), ("*", "mul")])
def test_a_missing_reflected_operator_is_unsupported(sign: str, name: str) -> None:
    verdict, message = failure(HONEST, f"a = Value(2)\nc = 3 {sign} a", "c")
    assert verdict == "unsupported"
    assert message == f"int {sign} Value is not supported: Value.__r{name}__ is missing."


def test_an_operator_that_will_not_take_a_number_is_unsupported() -> None:
    source = HONEST.replace(
        "def __mul__(self, other):", "def __mul__(self, other):\n        return NotImplemented"
    )
    assert failure(source, "a = Value(2)\nb = a * 2.5", "b") == (
        "unsupported",
        "Value * float is not supported: Value.__mul__ does not take float.",
    )


def test_an_operation_that_is_not_implemented_is_unsupported() -> None:
    source = HONEST + "    def __neg__(self):\n        raise NotImplementedError('later')\n"
    assert failure(source, "a = Value(2)\nb = -a", "b") == (
        "unsupported",
        f"NotImplementedError: later (line {line_of(source, 'later')})",
    )


@pytest.mark.parametrize(
    ("program", "lack"),
    [
        ("b = a.tanh()", "Value has no tanh()."),
        ("b = -a", "Value has no __neg__."),
        ("b = abs(a)", "Value has no __abs__."),
        ("a.backward()", "Value has no method backward()."),
    ],
)
def test_a_missing_function_is_unsupported(program: str, lack: str) -> None:
    source = "class Value:\n    def __init__(self, data): self.data = data\n    __add__ = None\n"
    assert failure(source, f"a = Value(2)\n{program}") == ("unsupported", lack)


def test_a_functions_place_may_be_operator_method_or_file() -> None:
    source = HONEST + (
        "    def __neg__(self): return Value(-self.data)\n"
        "    def abs(self): return Value(abs(self.data))\n"
        "    def exp(self): return Value(1.0)\n"
        "from math import log, tanh as hyperbolic\n"
        "def tanh(x): return Value(hyperbolic(x.data))\n"
    )
    for function, number in (("-a", 2), ("abs(a)", 2), ("a.exp()", 1), ("a.tanh()", math.tanh(-2))):
        assert observe(source, f"a = Value(-2)\nb = {function}", "b") == {"numbers": [number, 0]}
    assert failure(source, "a = Value(2)\nb = a.log()", "b")[0] == "unsupported"


def test_in_place_operations_make_a_new_node_where_python_does() -> None:
    assert observe(HONEST, "a = Value(2)\na += Value(3)\na.backward()", "a") == {"numbers": [5, 1]}


def test_a_missing_coercion_is_unsupported_and_says_which_line_wanted_a_node() -> None:
    verdict, message = failure(HONEST, "a = Value(2)\nb = a + 2", "b")
    assert verdict == "unsupported"
    assert message.startswith("Value + int is not supported: AttributeError: 'int' object")
    assert message.endswith("(line 9)")


def test_a_missing_attribute_of_a_node_is_an_error_of_the_students_code() -> None:
    source = HONEST.replace("self.data + other.data", "self.data + other.date")
    verdict, message = failure(source, "a = Value(2)\nb = a + a", "b")
    assert verdict == "error"
    assert "'date'" in message


def test_an_engine_may_keep_no_gradient_where_backward_never_came() -> None:
    source = HONEST.replace("        self.grad = 0.0\n", "").replace(
        "self.grad = 1.0",
        "for node in order:\n            node.grad = 0.0\n        self.grad = 1.0",
    )
    unrelated = "a = Value(2)\nc = Value(9)\nb = a + a\nb.backward()"
    assert observe(source, unrelated, "a", "c") == {"numbers": [2, 9, 2, None]}


def test_an_engine_without_any_gradient_is_unsupported() -> None:
    source = HONEST.replace("        self.grad = 0.0\n", "")
    assert failure(source, "a = Value(2)\nb = a + a", "a", "b") == (
        "unsupported",
        "Value has no attribute grad.",
    )


def test_the_classs_backward_is_called_though_nodes_keep_a_closure_of_the_other_name() -> None:
    source = HONEST.replace("def backward(self)", "def backwards(self)").replace(
        "._step", ".backward"
    )
    assert observe(source, PRODUCT, "a")["numbers"] == observe(HONEST, PRODUCT, "a")["numbers"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tkinter.ttk", "this part of the standard library is not available here."),
        ("torch", driver.LIBRARIES),
        ("numpy", driver.NO_NUMPY),
    ],
)
def test_a_module_that_is_missing_is_told_for_what_it_is(name: str, told: str) -> None:
    missing = ModuleNotFoundError(f"No module named {name!r}")
    assert driver._describe(missing) == f"ModuleNotFoundError: No module named {name!r}: {told}"


def test_an_error_of_types_inside_the_students_code_is_not_unsupported() -> None:
    source = HONEST.replace("self.data * other.data", "self.data - other")
    verdict, message = failure(source, PRODUCT, "c")
    assert verdict == "error"
    assert message == "TypeError: unsupported operand type(s) for -: 'int' and 'Value' (line 19)"


def test_an_operator_with_the_wrong_parameters_is_an_error() -> None:
    source = HONEST + "    def __sub__(self):\n        pass\n"
    verdict, message = failure(source, "a = Value(2)\nb = a - a", "b")
    assert verdict == "error"
    assert "takes 1 positional argument but 2 were given" in message


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("None", "* gave None instead of a new node: is a return missing?"),
        ("self.data", "* gave int instead of a new node."),
    ],
)
def test_a_result_that_is_no_node_is_an_error(result: str, told: str) -> None:
    source = HONEST + f"    def __mul__(self, other):\n        return {result}\n"
    assert failure(source, PRODUCT, "c") == ("error", told)


def test_every_graph_starts_from_fresh_leaves() -> None:
    module = ModuleType(driver.MODULE)
    driver.load(HONEST, module)
    graph = parse(PRODUCT)
    request = {"steps": to_wire(graph), "reads": [[0, "grad", "a.grad"]]}
    for _ in range(3):
        assert driver.observe(request, vars(module)["Value"], module) == {"numbers": [3]}


def test_running_out_of_memory_in_a_case_is_told() -> None:
    source = HONEST + "    def __sub__(self, other):\n        raise MemoryError\n"
    assert observe(source, "a = Value(2)\nb = a - a", "b") == driver.OUT_OF_MEMORY


# Numbers


def number(expression: str) -> Any:
    source = HONEST.replace("self.data = data", f"self.data = {expression}")
    answer = observe(source, "a = Value(2)", "a")
    return answer["numbers"][0] if "numbers" in answer else answer["failure"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("True", 1.0),
        ("None", None),
        ("10 ** 400", math.inf),
        ("-(10 ** 400)", -math.inf),
        ("__import__('fractions').Fraction(1, 4)", 0.25),
        ("type('F', (float,), {'__float__': lambda _: 8.0})(0.5)", 0.5),
        ("type('I', (int,), {'__int__': lambda _: 8})(5)", 5.0),
    ],
)
def test_a_number_is_read_as_what_it_is(expression: str, expected: float | None) -> None:
    read = number(expression)
    assert read == expected
    assert type(read) is type(expected)


@pytest.mark.parametrize("thing", ["'3'", "[3]", "3j", "object()"])
def test_what_is_no_number_is_invalid_output(thing: str) -> None:
    told = number(thing)
    assert told["verdict"] == "invalid_output"
    assert told["message"].startswith("node 0.data is ")
    assert told["message"].endswith(", not a number.")


def test_a_conversion_that_fails_is_the_students_error() -> None:
    told = number("type('F', (), {'__float__': lambda _: 1 / 0})()")
    assert told["verdict"] == "error"
    assert "ZeroDivisionError" in told["message"]


def test_a_missing_attribute_is_unsupported_and_a_failing_one_an_error() -> None:
    source = HONEST.replace("self.grad = 0.0", "pass")
    assert failure(source, "a = Value(2)", "a") == ("unsupported", "Value has no attribute grad.")
    source += "    @property\n    def grad(self):\n        return self.missing\n"
    verdict, message = failure(source, "a = Value(2)", "a")
    assert verdict == "error"
    assert "no attribute 'missing'" in message


def test_a_message_is_capped_and_one_that_cannot_be_shown_is_said_to_be() -> None:
    for body, words in (
        ("return 'x' * 10_000_000", "xxx"),
        ("1 / 0", "cannot be shown"),
        ("raise SystemExit", "cannot be shown"),
        ("return 3", "cannot be shown"),
    ):
        source = HONEST + (
            f"    def __sub__(self, other):\n        raise Odd\n"
            f"class Odd(Exception):\n    def __str__(self):\n        {body}\n"
        )
        verdict, message = failure(source, "a = Value(2)\nb = a - a", "b")
        assert verdict == "error"
        assert message.startswith("Odd: ")
        assert words in message
        assert len(message) <= driver.MOST_TEXT


# Frames


values = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(values)
def test_what_the_driver_writes_is_json(value: Any) -> None:
    assert json.loads(driver._encode(value)) == value


def test_non_finite_numbers_are_written_as_words() -> None:
    assert driver._encode([math.nan, math.inf, -math.inf]) == '["nan","inf","-inf"]'


class EndedError(Exception):
    """Stands for the end of the process, with its exit status."""


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver ends by an exception here, and its paths and arguments are its own."""

    def end(code: int) -> None:
        raise EndedError(code)

    monkeypatch.setattr(driver, "_exit", end)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "argv", [])


@pytest.mark.usefixtures("ending")
def test_a_request_is_read_in_pieces_and_the_end_of_them_ends_the_driver() -> None:
    reading, writing = os.pipe()
    driver.send(writing, {"steps": [["leaf", 1.5]]})
    assert driver.receive(reading) == {"steps": [["leaf", 1.5]]}
    os.write(writing, b"\0\0")
    os.close(writing)
    with pytest.raises(EndedError, match="0"):
        driver.receive(reading)
    os.close(reading)


@pytest.mark.usefixtures("ending")
def test_the_driver_serves_until_there_are_no_more_requests(
    capsys: pytest.CaptureFixture[str],
) -> None:
    requests, to_requests = os.pipe()
    from_answers, answers = os.pipe()
    driver.send(to_requests, {"source": HONEST + "print('loaded')\n"})
    asked = [[2, "data", "c.data"]]
    driver.send(to_requests, {"id": 2, "steps": to_wire(parse(PRODUCT)), "reads": asked})
    os.close(to_requests)
    with pytest.raises(EndedError, match="0"):
        driver.serve(requests, answers)
    assert driver.receive(from_answers) == {"id": 1, "class": "Value"}
    assert driver.receive(from_answers) == {"id": 2, "numbers": [6.0]}
    assert capsys.readouterr().out == "loaded\n"
    for descriptor in (requests, from_answers, answers):
        os.close(descriptor)


@pytest.mark.usefixtures("ending")
def test_a_driver_without_memory_for_an_answer_ends_with_its_last_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run_out(_: int) -> None:
        raise MemoryError

    monkeypatch.setattr(driver, "receive", run_out)
    with pytest.raises(EndedError, match=str(driver.EXIT_OUT_OF_MEMORY)):
        driver.serve(0, 1)


def test_a_stream_that_cannot_be_flushed_keeps_no_answer_back() -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.close()
    reading, writing = os.pipe()
    driver.send(writing, {"id": 1}, (stream,))
    assert driver.receive(reading) == {"id": 1}
    for descriptor in (reading, writing):
        os.close(descriptor)
