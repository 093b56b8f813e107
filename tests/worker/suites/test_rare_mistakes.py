"""Mistakes that few graphs show, such as a slope that all uses of a function share."""

from __future__ import annotations

import pytest

from tests.students import engine
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.sandbox import Sandbox
from worker.suites import catalogue

RIGHT = engine("right/closures")
TIMES_A_NUMBER = """\
    def __rmul__(self, other):
        return self * other
"""
OWN_CLOSURE = """\
    def __rmul__(self, other):
        out = Value(self.data * other, (self,))
        {keeps}

        def _backward():
            self.grad += {slope} * out.grad

        out._backward = _backward
        return out
"""
SIN = "math.cos(self.data) * out.grad"
# Suite, the cases that fail there, and what is replaced in a right engine by what.
MISTAKES: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "all uses of a function share a slope": (
        "functions",
        ["twice-sin@1"],
        {
            "out = Value(math.sin(self.data), (self,))": (
                "out = Value(math.sin(self.data), (self,))\n"
                "        Value.slope = math.cos(self.data)"
            ),
            SIN: "Value.slope * out.grad",
        },
    ),
    "a node keeps the number that it is multiplied by": (
        "numbers",
        ["twice-number-multiply"],
        {TIMES_A_NUMBER: OWN_CLOSURE.format(keeps="self.number = other", slope="self.number")},
    ),
    "all uses share the number that they multiply by": (
        "numbers",
        ["twice-number-multiply", "twice-number-divide"],
        {TIMES_A_NUMBER: OWN_CLOSURE.format(keeps="Value.slope = other", slope="Value.slope")},
    ),
    "-1 is left to another operation without the operand": (
        "numbers",
        ["minus-one-number-multiply@1", "minus-one-number-divide@1"],
        {
            TIMES_A_NUMBER: TIMES_A_NUMBER.replace(
                "        return",
                "        if other == -1:\n            return Value(-self.data)\n        return",
            )
        },
    ),
    "a result of 0 has no operands": (
        "numbers",
        ["at-zero-number-multiply@1"],
        {
            TIMES_A_NUMBER: TIMES_A_NUMBER.replace(
                "        return",
                "        if self.data == 0:\n            return Value(0.0)\n        return",
            )
        },
    ),
    "whole numbers are divided without a remainder": (
        "numbers",
        ["divided-by-a-whole-number"],
        {
            "return other * self**-1": (
                "out = other * self**-1\n"
                "        if isinstance(self.data, int):\n"
                "            out.data = other // self.data\n"
                "        return out"
            )
        },
    ),
    "equal numbers are taken for one operand": (
        "operators",
        ["equal-operands-difference@1"],
        {
            "return self + (-other)": (
                "if isinstance(other, Value) and other is not self and other.data == self.data:\n"
                "            return Value(0.0)\n"
                "        return self + (-other)"
            )
        },
    ),
    "a pair that comes again has no operands": (
        "operators",
        ["pairs-quotient@1"],
        {
            "return self * other**-1": (
                "seen = vars(self).setdefault('divisors', [])\n"
                "        if any(one is other for one in seen):\n"
                "            return Value(self.data / other.data)\n"
                "        seen.append(other)\n"
                "        return self * other**-1"
            )
        },
    ),
    "exp is clipped": (
        "functions",
        ["exp@4"],
        {"math.exp(self.data)": "math.exp(min(self.data, 5.0))"},
    ),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_that_few_graphs_show_is_found(mistake: str, sandbox: Sandbox) -> None:
    name, due, changes = MISTAKES[mistake]
    source = RIGHT
    for right, wrong in changes.items():
        assert right in source
        source = source.replace(right, wrong)
    (suite,) = grade(
        source, [Selection(suite=catalogue.load(name), weight=10)], sandbox, seed=1
    ).suites
    assert [case.id for case in suite.cases if not case.passed] == due
