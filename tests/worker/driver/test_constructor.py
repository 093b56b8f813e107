"""A leaf is made from a number, under any name, with any other arguments filled in."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import PRODUCT, found, observe
from tests.worker.sandbox.programs import HONEST
from worker.driver.engine import constructor
from worker.driver.engine.backward_calls import methods

RIGHT = [2, 3, 3, 2]
FLAG = engine("spellings/parameters")


def numbers(source: str) -> Any:
    return observe(source, PRODUCT, "a", "b")["numbers"]


@pytest.mark.parametrize(
    "flag",
    [
        "param",
        "is_trainable",
        "Learnable",
        "tracked",
        "differentiable",
        "is_variable",
        "_need_grad",
    ],
)
def test_a_flag_for_gradients_that_is_off_is_turned_on(flag: str) -> None:
    assert numbers(FLAG.replace("param", flag)) == RIGHT


@pytest.mark.parametrize(
    "flag",
    [
        "no_grad",
        "stop_gradient",
        "untracked",
        "detach_grad",
        "disable_grad",
        "is_frozen_param",
        "grad_off",
        "gradient_stopped",
    ],
)
def test_a_flag_that_turns_gradients_off_stays_off(flag: str) -> None:
    source = FLAG.replace("param", flag).replace(f"if self.{flag}", f"if not self.{flag}")
    source = source.replace(f"if other.{flag}", f"if not other.{flag}").replace("True", "False")
    assert numbers(source) == RIGHT


def test_a_flag_with_another_default_than_false_is_turned_on_if_no_gradient_comes() -> None:
    assert numbers(FLAG.replace("param=False", "param=0")) == RIGHT
    assert numbers(FLAG.replace("param=False", "param=0.0")) == [2, 3, 0, 0]


def test_a_flag_named_grad_is_turned_on_unless_it_is_the_gradient() -> None:
    flag = HONEST.replace("children=()", "children=(), grad=False")
    flag = flag.replace("self.grad = 0.0", "self.grad = 0.0 if grad else None")
    flag = flag.replace("(self, other))", "(self, other), True)")
    assert numbers(flag) == RIGHT
    start = HONEST.replace("children=()", "children=(), grad=False")
    assert numbers(start.replace("self.grad = 0.0", "self.grad = grad")) == RIGHT


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("label, data=0.0, children=()", "''"),
        ("name=None, data=None, children=()", "None"),
        ("children_=(), data=0.0, children=()", "()"),
    ],
)
def test_a_parameter_with_a_usual_name_gets_the_number_if_the_first_cannot(
    asked: str, given: str
) -> None:
    source = HONEST.replace("data, children=()", asked).replace(
        "Value(self", f"Value({given}, self"
    )
    assert numbers(source) == RIGHT


def test_the_first_parameter_gets_the_number_if_its_default_is_a_number() -> None:
    source = HONEST.replace("data, children=()", "start=0.0, children=(), item=0")
    source = source.replace("self.data = data", "self.data = start")
    assert numbers(source) == RIGHT
    assert found(source)["data"] == "data"


class Array:
    """As much of an array as an engine may ask for that is written for arrays alone."""

    shape = ()

    def __init__(self, number: float) -> None:
        self.number = number

    def __float__(self) -> float:
        return float(self.number)

    def __add__(self, other: Array) -> Array:
        return Array(self.number + other.number)

    def __mul__(self, other: Array) -> Array:
        return Array(self.number * other.number)


@pytest.fixture
def _numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of numpy: another module that a file may import, and such arrays."""
    monkeypatch.setattr(constructor, "_numpy", math)
    monkeypatch.setattr(constructor, "_array", Array)
    monkeypatch.setattr(methods, "_ones_like", lambda _: Array(1))


@pytest.mark.usefixtures("_numpy")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("out = Value(self.data +", "self.data.shape\n        out = Value(self.data +"),
        ("self.grad = 1.0", "self.grad = 1.0 if self.data.shape == () else None"),
    ],
)
def test_leaves_hold_arrays_if_nothing_works_with_plain_numbers(old: str, new: str) -> None:
    source = HONEST.replace(old, new).replace("other.data * out", "float(other.data) * out")
    source = source.replace("self.data * out", "float(self.data) * out")
    assert numbers(f"import math\n{source}") == RIGHT


@pytest.mark.usefixtures("_numpy")
def test_backward_may_get_an_array_of_one() -> None:
    source = HONEST.replace("backward(self)", "backward(self, seed)")
    source = source.replace("self.grad = 1.0", "self.grad = float(seed) if seed.shape == () else 0")
    assert found(source)["backward"] == "backward(ones)"
    assert numbers(source) == RIGHT


@pytest.mark.usefixtures("_numpy")
def test_leaves_hold_plain_numbers_if_nothing_works_with_arrays_either() -> None:
    source = HONEST.replace("def backward(self):", "def backward(self):\n        1 / 0")
    source = source.replace("self.data = data", "self.data = data; self.kind = type(data)")
    assert observe(f"import math\n{source}", "a = Value(2)", "a") == {"numbers": [2, 0]}
