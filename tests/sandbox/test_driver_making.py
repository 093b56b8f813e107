"""Leaves are made of a number, whatever a constructor calls it, and whatever else it asks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.driven import PRODUCT, found, observe
from tests.sandbox.programs import HONEST
from tests.students import engine

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
def test_a_flag_that_is_off_and_asks_for_gradients_is_set(flag: str) -> None:
    assert numbers(FLAG.replace("param", flag)) == RIGHT


@pytest.mark.parametrize("flag", ["no_grad", "stop_gradient", "untracked", "detach_grad"])
def test_a_flag_that_would_turn_gradients_off_is_left_alone(flag: str) -> None:
    source = FLAG.replace("param", flag).replace(f"if self.{flag}", f"if not self.{flag}")
    source = source.replace(f"if other.{flag}", f"if not other.{flag}").replace("True", "False")
    assert numbers(source) == RIGHT


def test_what_is_off_by_another_value_than_false_is_no_flag() -> None:
    assert numbers(FLAG.replace("param=False", "param=0")) == [2, 3, 0, 0]


def test_a_flag_named_grad_is_set_unless_it_is_the_gradient_itself() -> None:
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
def test_a_parameter_that_is_named_as_numbers_are_takes_it_where_the_first_cannot(
    asked: str, given: str
) -> None:
    source = HONEST.replace("data, children=()", asked).replace(
        "Value(self", f"Value({given}, self"
    )
    assert numbers(source) == RIGHT


def test_the_first_parameter_takes_the_number_where_its_default_is_one() -> None:
    source = HONEST.replace("data, children=()", "start=0.0, children=(), item=0")
    source = source.replace("self.data = data", "self.data = start")
    assert numbers(source) == RIGHT
    assert found(source)["data"] == "data"
