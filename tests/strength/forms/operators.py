"""The operators in each form, with the slopes that students write by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from tests.strength.forms.form import (
    BY_SIGN,
    FLAT_0,
    FLAT_1,
    NEGATIVE,
    NUMBER_0,
    NUMBER_1,
    ZERO,
    C,
    Form,
    Shape,
    Special,
    X,
    Y,
)


def make_operators() -> Iterator[Form]:
    """All forms of + - * / and **."""
    for shape in (Shape.VALUES, Shape.IN_PLACE):
        yield from _make_values(shape)
    for shape in (Shape.NUMBER_RIGHT, Shape.IN_PLACE_NUMBER):
        yield from _make_number_right(shape)
    yield from _make_number_left()


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
                Special(condition=f"{C} < 0", kink=True),
                NEGATIVE,
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
