"""The functions and the minus sign, with the slopes that students write by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from tests.strength.forms.form import ABOUT_1, BY_SIGN, POSITIVE, ZERO, Form, Shape, Special, X


def make_functions() -> Iterator[Form]:
    """Each function of one operand."""

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
        specials=(*BY_SIGN, ZERO),
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
        specials=ABOUT_1,
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
        specials=(POSITIVE, Special(condition=f"{X} < 0", flat=True)),
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
        specials=(*BY_SIGN, ZERO),
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
        specials=ABOUT_1,
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
        specials=BY_SIGN,
    )
