"""The table of forms: each operation with what may stand on either side of it.

A form is one way to write an operation, such as `x * 2`. An engine often has code of its own for
it, so a mistake may be in that form alone. The texts here are Python, as a student writes it in a
method: `self`, `other` (a node) and `number` are the operands, and `out` is the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
NEGATIVE, POSITIVE = Special(condition=f"{X} < 0"), Special(condition=f"{X} > 0")
BY_SIGN = (NEGATIVE, POSITIVE)
TWO_SIDES = tuple(Special(condition=side.condition, kink=True) for side in BY_SIGN)
ZERO = Special(condition=f"{X} == 0")
NUMBER_0, NUMBER_1 = Special(condition=f"{C} == 0"), Special(condition=f"{C} == 1")
FLAT_0, FLAT_1 = (Special(condition=f"{C} == {digit}", flat=True) for digit in (0, 1))


def _make_forms() -> Iterator[Form]:
    for pair in (Shape.VALUES, Shape.IN_PLACE):
        yield from _make_values(pair)
    for pair in (Shape.NUMBER_RIGHT, Shape.IN_PLACE_NUMBER):
        yield from _make_number_right(pair)
    yield from _make_number_left()
    yield from _make_functions()


def _make_values(shape: Shape) -> Iterator[Form]:
    yield Form(operation="+", shape=shape, value=f"{X} + {Y}", slopes={"self": "1", "other": "1"})
    yield Form(
        operation="-",
        shape=shape,
        value=f"{X} - {Y}",
        slopes={"self": "1", "other": "-1"},
        wrong={"other": ("1",)},
        wrong_values=(f"{Y} - {X}", f"{X} + {Y}"),
    )
    yield Form(
        operation="*",
        shape=shape,
        value=f"{X} * {Y}",
        slopes={"self": Y, "other": X},
        specials={
            "self": (
                Special(condition=f"{Y} == 0", flat=True),
                Special(condition=f"{Y} == 1"),
                Special(condition=f"{Y} < 0"),
                ZERO,
            ),
            "other": (
                Special(condition=f"{X} == 0", flat=True),
                Special(condition=f"{X} == 1"),
                NEGATIVE,
                Special(condition=f"{Y} == 0"),
            ),
        },
    )
    yield Form(
        operation="/",
        shape=shape,
        value=f"{X} / {Y}",
        slopes={"self": f"1 / {Y}", "other": f"-{X} / {Y} ** 2"},
        wrong={
            "self": (Y, f"1 / {Y} ** 2", f"{X} / {Y}", f"-1 / {Y}"),
            "other": (
                f"{X} / {Y} ** 2",
                f"-{X} / {Y}",
                f"-1 / {Y} ** 2",
                f"-{X} / {Y} ** 0.5",
                f"-{Y} / {X} ** 2",
                f"-{X} * {Y} ** 2",
                f"1 / {Y}",
                X,
            ),
        },
        wrong_values=(f"{Y} / {X}", f"{X} // {Y}", f"{X} * {Y}"),
        specials={
            "self": (Special(condition=f"{Y} == 1"), Special(condition=f"{Y} < 0"), ZERO),
            "other": (
                Special(condition=f"{X} == 0", flat=True),
                Special(condition=f"{Y} < 0"),
                Special(condition=f"{Y} == 1"),
            ),
        },
    )
    yield Form(
        operation="**",
        shape=shape,
        value=f"{X} ** {Y}",
        slopes={
            "self": f"{Y} * {X} ** ({Y} - 1) if {Y} else 0.0",
            "other": f"math.log({X}) * out.data",
        },
        wrong={
            "self": (
                f"{X} ** ({Y} - 1)",
                f"{Y} * {X} ** {Y}",
                f"{Y} * {X}",
                f"({Y} - 1) * {X} ** ({Y} - 1)",
            ),
            "other": (
                "out.data",
                f"math.log({X})",
                f"math.log({Y}) * out.data",
                f"math.log10({X}) * out.data",
                f"{Y} * {X} ** ({Y} - 1)",
            ),
        },
        wrong_values=(f"{Y} ** {X}", f"{X} * {Y}"),
        specials={
            "self": (
                Special(condition=f"{Y} == 0", flat=True),
                Special(condition=f"{Y} == 1"),
                Special(condition=f"{Y} < 0"),
            ),
            "other": (Special(condition=f"{X} == 1", flat=True), Special(condition=f"{X} < 1")),
        },
    )


def _make_number_right(shape: Shape) -> Iterator[Form]:
    yield Form(
        operation="+",
        shape=shape,
        value=f"{X} + {C}",
        slopes={"self": "1"},
        wrong={"self": (C,)},
        specials={"self": (NUMBER_0,)},
    )
    yield Form(
        operation="-",
        shape=shape,
        value=f"{X} - {C}",
        slopes={"self": "1"},
        wrong={"self": ("-1",)},
        wrong_values=(f"{C} - {X}", f"{X} + {C}"),
        specials={"self": (NUMBER_0,)},
    )
    yield Form(
        operation="*",
        shape=shape,
        value=f"{X} * {C}",
        slopes={"self": C},
        wrong={"self": (X,)},
        specials={"self": (FLAT_0, NUMBER_1, Special(condition=f"{C} < 0"))},
    )
    yield Form(
        operation="/",
        shape=shape,
        value=f"{X} / {C}",
        slopes={"self": f"1 / {C}"},
        wrong={"self": (C, f"-1 / {C}", f"1 / {C} ** 2", f"-{X} / {C} ** 2", f"1 / {X}")},
        wrong_values=(f"{C} / {X}", f"{X} // {C}", f"{X} * {C}"),
        specials={"self": (NUMBER_1, Special(condition=f"{C} < 0"))},
    )
    yield Form(
        operation="**",
        shape=shape,
        value=f"{X} ** {C}",
        slopes={"self": f"{C} * {X} ** ({C} - 1) if {C} else 0.0"},
        wrong={
            "self": (
                f"{X} ** ({C} - 1)",
                f"{C} * {X} ** {C}",
                f"{C} * {X}",
                f"({C} - 1) * {X} ** ({C} - 1)",
                f"{C} * {X} ** ({C} + 1)",
                f"{C} ** {X} if {C} > 0 else 0.0",
                f"2 * {X}",
                f"({C} * out.data / {X})",
                f"{C} * abs({X}) ** ({C} - 1) if {C} else 0.0",
                f"{C} * {X} ** ({C} - 1) if {C} > 0 else 0.0",
                f"{C} * {X} ** ({C} - 1) if {X} > 0 else 0.0",
                f"({C} * {X} ** ({C} - 1) * math.log({X}))",
            )
        },
        wrong_values=(
            f"{C} ** {X}",
            f"{X} * {C}",
            f"math.pow(abs({X}), {C})",
            f"math.exp({C} * math.log({X}))",
        ),
        specials={
            "self": (
                FLAT_0,
                NUMBER_1,
                Special(condition=f"{C} == 2"),
                Special(condition=f"{C} < 0"),
                Special(condition=f"{X} < 0", kink=True),
                Special(condition=f"{X} == 0 and {C} > 1", flat=True),
                Special(condition=f"{C} != int({C})"),
            )
        },
    )


def _make_number_left() -> Iterator[Form]:
    shape = Shape.NUMBER_LEFT
    yield Form(
        operation="+",
        shape=shape,
        value=f"{C} + {X}",
        slopes={"self": "1"},
        wrong={"self": (C,)},
        specials={"self": (NUMBER_0,)},
    )
    yield Form(
        operation="-",
        shape=shape,
        value=f"{C} - {X}",
        slopes={"self": "-1"},
        wrong={"self": ("1",)},
        wrong_values=(f"{X} - {C}", f"{C} + {X}"),
        specials={"self": (NUMBER_0, NUMBER_1)},
    )
    yield Form(
        operation="*",
        shape=shape,
        value=f"{C} * {X}",
        slopes={"self": C},
        wrong={"self": (X,)},
        specials={"self": (FLAT_0, NUMBER_1, Special(condition=f"{C} < 0"))},
    )
    yield Form(
        operation="/",
        shape=shape,
        value=f"{C} / {X}",
        slopes={"self": f"-{C} / {X} ** 2"},
        wrong={
            "self": (
                f"{C} / {X} ** 2",
                f"-1 / {X} ** 2",
                f"-{C} / {X}",
                f"1 / {C}",
                f"1 / {X}",
                f"{C} / {X}",
                f"-{X} / {C} ** 2",
            )
        },
        wrong_values=(f"{X} / {C}", f"{C} // {X}", f"{C} * {X}", f"1 / {X}"),
        specials={
            "self": (FLAT_0, NUMBER_1, Special(condition=f"{C} < 0"), NEGATIVE),
        },
    )
    yield Form(
        operation="**",
        shape=shape,
        value=f"{C} ** {X}",
        slopes={"self": f"math.log({C}) * out.data"},
        wrong={
            "self": (
                "out.data",
                f"math.log({C})",
                f"{X} * {C} ** ({X} - 1)",
                f"{C} * {X} ** ({C} - 1)",
                f"math.log10({C}) * out.data",
                f"math.log(abs({X})) * out.data",
                f"math.log({C}) * {X}",
            )
        },
        wrong_values=(f"{X} ** {C}", f"{C} * {X}"),
        specials={"self": (FLAT_1, Special(condition=f"{C} < 1"), *BY_SIGN)},
    )


def _make_functions() -> Iterator[Form]:
    def function(
        name: str,
        value: str,
        slope: str,
        *wrong: str,
        specials: tuple[Special, ...] = BY_SIGN,
        wrong_values: tuple[str, ...] = (),
    ) -> Form:
        return Form(
            operation=name,
            shape=Shape.FUNCTION,
            value=value,
            slopes={"self": slope},
            wrong={"self": wrong},
            wrong_values=wrong_values,
            specials={"self": specials},
        )

    yield function("neg", f"-{X}", "-1", "1", X, specials=(*BY_SIGN, ZERO), wrong_values=(X,))
    yield function(
        "tanh",
        f"math.tanh({X})",
        "(1 - out.data ** 2)",
        "(1 - out.data)",
        f"(1 - {X} ** 2)",
        "out.data ** 2",
        "(1 + out.data ** 2)",
        "out.data * (1 - out.data)",
        "(1 - out.data ** 2) ** 2",
        f"1 / math.cosh({X})",
        "(out.data > 0)",
        wrong_values=(f"math.sinh({X})", f"math.tan({X})"),
        specials=(*TWO_SIDES, ZERO),
    )
    yield function(
        "exp",
        f"math.exp({X})",
        "out.data",
        f"{X} * math.exp({X} - 1)",
        f"{X} * out.data",
        "math.exp(out.data)",
        X,
        "1 / out.data",
        f"math.exp(-{X})",
        wrong_values=(f"2.718 ** {X}", f"math.exp({X}) - 1"),
        specials=(*BY_SIGN, ZERO),
    )
    yield function(
        "log",
        f"math.log({X})",
        f"1 / {X}",
        "1 / out.data",
        "out.data",
        X,
        f"-1 / {X} ** 2",
        f"1 / ({X} + 1e-8)",
        f"1 / ({X} * math.log(10))",
        wrong_values=(f"math.log10({X})", f"math.log({X} + 1e-8)", f"math.log1p({X})"),
        specials=(Special(condition=f"{X} < 1"), Special(condition=f"{X} > 1")),
    )
    yield function(
        "relu",
        f"max({X}, 0)",
        f"({X} > 0)",
        "(out.data >= 0)",
        f"({X} < 0)",
        X,
        "out.data",
        f"1 if {X} > 0 else 0.01",
        f"({X} > 1)",
        "(1 - out.data ** 2)",
        wrong_values=(f"abs({X})", X, f"max({X}, 0.01 * {X})", f"min({X}, 0)"),
        specials=(TWO_SIDES[1], Special(condition=f"{X} < 0", flat=True)),
    )
    yield function(
        "sigmoid",
        f"1 / (1 + math.exp(-{X}))",
        "out.data * (1 - out.data)",
        "out.data",
        "(1 - out.data)",
        f"{X} * (1 - {X})",
        "(1 - out.data ** 2)",
        "out.data * (1 + out.data)",
        "out.data ** 2",
        wrong_values=(f"1 / (1 + math.exp({X}))", f"math.exp({X}) / (math.exp({X}) - 1)"),
        specials=(*TWO_SIDES, ZERO),
    )
    yield function(
        "sin",
        f"math.sin({X})",
        f"math.cos({X})",
        f"-math.cos({X})",
        f"math.sin({X})",
        "(1 - out.data ** 2) ** 0.5",
        "math.cos(out.data)",
        wrong_values=(f"math.cos({X})",),
        specials=(*BY_SIGN, ZERO),
    )
    yield function(
        "cos",
        f"math.cos({X})",
        f"-math.sin({X})",
        f"math.sin({X})",
        f"math.cos({X})",
        "-((1 - out.data ** 2) ** 0.5)",
        "-math.sin(out.data)",
        wrong_values=(f"math.sin({X})",),
        specials=(*BY_SIGN, ZERO),
    )
    yield function(
        "sqrt",
        f"{X} ** 0.5",
        "0.5 / out.data",
        "1 / out.data",
        f"0.5 / {X}",
        "0.5 * out.data",
        "-0.5 / out.data",
        f"0.5 * {X} ** -1.5",
        specials=(Special(condition=f"{X} < 1"), Special(condition=f"{X} > 1")),
        wrong_values=(f"{X} ** 2", f"{X} ** 0.33"),
    )
    yield function(
        "abs",
        f"abs({X})",
        f"1 if {X} > 0 else -1",
        "1",
        "-1",
        f"({X} > 0)",
        f"-1 if {X} > 0 else 1",
        "(1 if out.data > 0 else -1)",
        X,
        f"{X} / out.data ** 2",
        wrong_values=(X, f"-{X}"),
        specials=TWO_SIDES,
    )


FORMS: tuple[Form, ...] = tuple(_make_forms())
