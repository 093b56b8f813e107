"""The driver's answer to a file."""

from __future__ import annotations

import sys

import pytest

from tests.worker.driver.in_process import PRODUCT, failure, found, line_of, load, observe
from tests.worker.sandbox.programs import HONEST, PRINTED, WORKED_EXAMPLE
from worker.driver.base.messages import OUT_OF_MEMORY
from worker.driver.file import program


def test_a_correct_engine_gives_the_worked_example() -> None:
    names = ("x1", "x2", "x3", "x4", "x5", "x6", "L")
    answer = observe(HONEST, WORKED_EXAMPLE.program, *names)
    assert answer == {"numbers": [3, 4, 12, 5, 17, 2, 34, 8, 6, 2, 2, 2, 17, 1]}


def test_the_printed_class_works_and_its_power_gets_its_true_verdict() -> None:
    assert observe(PRINTED, PRODUCT, "a", "b") == {"numbers": [2, 3, 3, 2]}
    verdict, message = failure(PRINTED, "a = Value(2)\nb = a ** 3", "b")
    assert verdict == "error"
    assert "unexpected keyword argument '_op'" in message
    assert message.endswith(f"(line {line_of(PRINTED, 'self.data**power') - 1})")


def test_backwards_is_recognised_like_backward() -> None:
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
def test_lines_are_counted_with_any_line_endings(end: str) -> None:
    problem = load(end.join(["x = 1", "  y = 2", "z = 3"]))["problem"]
    assert problem["message"] == "IndentationError: unexpected indent"
    assert (problem["line"], problem["source_line"]) == (2, "  y = 2")


def test_an_unexplained_syntax_error_names_the_version_of_python() -> None:
    python = " in Python {}.{}".format(*sys.version_info[:2])
    message = load("class Value:\n    x = = 1\n")["problem"]["message"]
    assert message == f"SyntaxError: invalid syntax{python}"
    message = load("class Value:\n    x = f'{}'\n")["problem"]["message"]
    assert message.startswith("SyntaxError: f-string: ")
    assert message.endswith(python)


def test_a_byte_order_mark_is_no_syntax_error() -> None:
    assert found("\ufeff" + HONEST)["class"] == "Value"


@pytest.mark.parametrize(
    "source", ["x = 1\0", "x = '\ud800'", "+" * 50_000 + "1 +", "f(" * 300, "1" * 5000]
)
def test_unreadable_text_is_a_syntax_error_or_out_of_memory(source: str) -> None:
    answer = load(source)
    if "problem" in answer:
        assert answer["problem"]["kind"] == "syntax_error"
        assert answer["problem"]["message"]
    else:
        assert answer == OUT_OF_MEMORY


def test_code_that_is_nested_too_deep_is_a_syntax_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RecursionError("maximum recursion depth exceeded during compilation")

    monkeypatch.setitem(vars(program), "compile", give_up)
    problem = load("x = 1")["problem"]
    assert problem["kind"] == "syntax_error"
    assert "can't read the file" in problem["message"]


def test_an_empty_file_has_no_class() -> None:
    assert load("")["problem"]["kind"] == "no_class"


def test_a_file_without_a_value_class_says_what_to_define() -> None:
    problem = load("class Layer:\n    pass\nclass Other:\n    x = 1\n")["problem"]
    assert problem["kind"] == "no_class"
    assert "We found no class with + and *" in problem["message"]
    assert "Layer, Other" in problem["message"]


def test_two_classes_are_named() -> None:
    source = HONEST.replace("Value", "One") + HONEST.replace("Value", "Two")
    problem = load(source)["problem"]
    assert problem["kind"] == "ambiguous_class"
    assert problem["message"].endswith("One, Two.")


def test_among_several_classes_value_is_used() -> None:
    assert found(HONEST.replace("Value", "Tensor") + HONEST)["class"] == "Value"


def test_the_only_class_with_arithmetic_may_have_any_name() -> None:
    assert found(HONEST.replace("Value", "Scalar") + "class Net:\n    pass")["class"] == "Scalar"


def test_a_second_name_for_the_class_is_not_a_second_class() -> None:
    source = HONEST.replace("Value", "Scalar") + "Node = Scalar\n"
    assert found(source)["class"] == "Scalar"


def test_a_class_may_inherit_its_arithmetic_from_one_in_the_file() -> None:
    assert (
        found(HONEST.replace("Value", "Base") + "class Value(Base):\n    pass")["class"] == "Value"
    )


def test_an_imported_class_is_not_the_students() -> None:
    assert load("from fractions import Fraction")["problem"]["kind"] == "no_class"


def test_a_demo_under_the_usual_guard_does_not_run() -> None:
    assert found(HONEST + "if __name__ == '__main__':\n    1 / 0")["class"] == "Value"


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


def test_running_out_of_memory_while_loading_is_reported() -> None:
    assert load("raise MemoryError") == OUT_OF_MEMORY


def test_a_dataclass_and_its_annotations_find_their_module() -> None:
    source = (
        "from dataclasses import dataclass, field\nfrom typing import ClassVar, get_type_hints\n"
        "@dataclass(eq=False)\nclass Value:\n    data: float\n    grad: float = 0.0\n"
        "    kinds: ClassVar[list[int]] = []\n    def __add__(self, other: 'Value') -> 'Value':\n"
        "        return Value(self.data + other.data)\nget_type_hints(Value.__add__)\n"
    )
    assert found(source)["class"] == "Value"
