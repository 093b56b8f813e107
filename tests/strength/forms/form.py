"""What a form of an operation is, and the texts that its method is written from.

The texts are Python, as a student writes it in a method: `self`, `other` (a node) and `number` are
the operands, and `out` is the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from worker.graph import IN_PLACE, Apply, Constant


class Shape(Enum):
    """What the operands are, and how the form is spelled for the operator `@`."""

    VALUES = "x @ y"
    NUMBER_RIGHT = "x @ 2"
    NUMBER_LEFT = "2 @ x"
    IN_PLACE = "x @= y"
    IN_PLACE_NUMBER = "x @= 2"
    FUNCTION = "@(x)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """A condition for which students write a branch.

    `flat`: the slope is 0 wherever it holds. `kink`: the whole closure is often written twice.
    """

    condition: str
    flat: bool = False
    kink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form. `slopes` has the derivative by each operand that is a node.

    `wrong` has slopes that students write instead. `wrong_values` are results with a slip.
    """

    operation: str
    shape: Shape
    value: str
    slopes: Mapping[str, str]
    wrong: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wrong_values: tuple[str, ...] = ()
    specials: Mapping[str, tuple[Special, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The form as a student writes it: `x * 2`."""
        if self.operation == "neg":
            return "-x"
        return self.shape.value.replace("@", self.operation)

    @property
    def parameter(self) -> str:
        """The method's second parameter, or nothing."""
        if self.shape is Shape.FUNCTION:
            return ""
        return "other" if self.shape in (Shape.VALUES, Shape.IN_PLACE) else "number"


def find_form(step: Apply) -> tuple[str, Shape]:
    """The operation and the shape of a step."""
    constants = [isinstance(operand, Constant) for operand in step.operands]
    plain = step.operation.removesuffix("=")
    if len(constants) == 1:
        return plain, Shape.FUNCTION
    if step.operation in IN_PLACE:
        return plain, Shape.IN_PLACE_NUMBER if constants[1] else Shape.IN_PLACE
    if any(constants):
        return plain, Shape.NUMBER_LEFT if constants[0] else Shape.NUMBER_RIGHT
    return plain, Shape.VALUES


X, Y, C = "self.data", "other.data", "number"
NEGATIVE, POSITIVE = (Special(condition=f"{X} {sign} 0", kink=True) for sign in "<>")
BY_SIGN = (NEGATIVE, POSITIVE)
ABOUT_1 = tuple(Special(condition=f"{X} {sign} 1", kink=True) for sign in "<>")
ZERO = Special(condition=f"{X} == 0")
NUMBER_0, NUMBER_1 = Special(condition=f"{C} == 0"), Special(condition=f"{C} == 1")
FLAT_0, FLAT_1 = (Special(condition=f"{C} == {digit}", flat=True) for digit in (0, 1))
