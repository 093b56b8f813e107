"""The numbers that the driver reads from a student's nodes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.worker.driver.in_process import failure, observe
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.protocol import MOST_TEXT
from worker.driver.engine import constructor
from worker.driver.graph.reading import SAY_IT


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
def test_each_kind_of_number_is_read(expression: str, expected: float | None) -> None:
    read = number(expression)
    assert read == expected
    assert type(read) is type(expected)


# The time budget may run out in a callback that swallows the exception; it raises again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_node_that_holds_itself_has_no_number() -> None:
    assert number("self") == {
        "verdict": "invalid_output",
        "message": "a.data is Value, not a number.",
    }


def test_a_gradient_may_be_a_node_of_a_node() -> None:
    source = HONEST.replace("self.grad = 0.0", "self.grad = None if data == 7 else Value(7)")
    assert observe(source, "a = Value(2)", "a") == {"numbers": [2, 7]}


ARRAY = """
class array:
    __module__ = "numpy"
    size = 1
    def __init__(self, number): self.number = number
    def item(self): return self.number
    def __float__(self): raise TypeError("only 0-dimensional arrays can be converted")
    def __mul__(self, other): return array(self.number * other.number)
"""


def test_only_an_array_of_one_number_is_a_number() -> None:
    source = ARRAY + HONEST.replace("self.data = data", "self.data = array(data)")
    assert observe(source, "a = Value(2)", "a") == {"numbers": [2, 0]}
    source = source.replace("size = 1", "size = 3")
    assert failure(source, "a = Value(2)", "a")[0] == "error"


@pytest.mark.parametrize("shape", ["0", "1"])
def test_a_constructor_that_accepts_only_arrays_gets_arrays(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Array:
        def __init__(self, held: Any) -> None:
            self.shape = "1" if isinstance(held, list) else "0"
            self.number = held[0] if isinstance(held, list) else held

        def __float__(self) -> float:
            return float(self.number)

    monkeypatch.setattr(constructor, "_array", Array)
    source = HONEST.replace(
        "self.data = data", f"assert data.shape == '{shape}'\n        self.data = float(data)"
    )
    assert observe(source, "a = Value(2)", "a") == {"numbers": [2, 0]}


@pytest.mark.parametrize("thing", ["'3'", "[3]", "3j", "object()"])
def test_other_values_are_invalid_output(thing: str) -> None:
    told = number(thing)
    assert told["verdict"] == "invalid_output"
    assert told["message"].startswith("a.data is ")
    assert told["message"].endswith(", not a number.")


def test_a_conversion_that_fails_is_the_students_error() -> None:
    told = number("type('F', (), {'__float__': lambda _: 1 / 0})()")
    assert told["verdict"] == "error"
    assert "ZeroDivisionError" in told["message"]


PROPERTY = """
    @property
    def grad(self):
        {}
    @grad.setter
    def grad(self, gradient):
        pass
"""


def test_a_missing_attribute_is_unsupported_and_a_failing_one_an_error() -> None:
    source = HONEST.replace("self.grad = 0.0", "pass")
    told = f"Value has no attribute grad. {SAY_IT}"
    assert failure(source, "a = Value(2)", "a") == ("unsupported", told)
    source = HONEST + PROPERTY.format("return self.missing")
    verdict, message = failure(source, "a = Value(2)\na.backward()", "a")
    assert verdict == "error"
    assert "no attribute 'missing'" in message


def test_a_gradient_that_recurses_without_end_is_an_error() -> None:
    source = HONEST + PROPERTY.format("return self.grad")
    assert failure(source, "a = Value(2)", "a")[0] == "error"


RAISES_UNTIL_BACKWARD = (
    HONEST.replace(".grad", "._g").replace("._g = 0.0", "._g = None")
    + """
    @property
    def grad(self):
        if self._g is None:
            raise {}("call backward() first")
        return self._g
"""
)


@pytest.mark.parametrize("error", ["RuntimeError", "AttributeError", "ValueError"])
def test_a_gradient_may_raise_only_if_backward_never_reached_it(error: str) -> None:
    source = RAISES_UNTIL_BACKWARD.format(error)
    for name in ("self", "other"):
        source = source.replace(f"{name}._g +=", f"{name}._g = ({name}._g or 0) +")
    unused = "a = Value(2)\nb = Value(3)\nu = Value(5)\nv = u * a\nc = a * b\nc.backward()"
    assert observe(source, unused, "a", "u", "v") == {"numbers": [2, 5, 10, 3, None, None]}
    lazy = source.replace("node._step()", "pass")
    verdict, message = failure(lazy, unused, "a")
    assert (verdict, message[:30]) == ("error", f"{error}: call backward() first"[:30])


def test_backward_reaches_leaves_through_unnamed_nodes() -> None:
    source = RAISES_UNTIL_BACKWARD.format("RuntimeError").replace("node._step()", "pass")
    nested = "a = Value(2)\nb = Value(3)\nc = a * b + b\nc.backward()"
    assert failure(source, nested, "a")[0] == "error"


def test_a_message_is_shortened_and_may_be_impossible_to_show() -> None:
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
        assert len(message) <= MOST_TEXT
