"""The table of rules: each operation with its slopes, at numbers that a visitor chooses."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent

from markupsafe import Markup

from service.feedback.wording import number
from service.web.view.highlight import highlight_python
from service.web.view.lessons import Lesson, lesson_on, to_mathml
from worker.graph import parse
from worker.reference import engine
from worker.reference.engine import evaluate

LARGEST = 1e6  # of a number that a visitor may choose
UNDEFINED, INFINITE = "undefined", "not finite"
KINK = "At x = 0 the curve has a kink and no slope. There the reference engine uses 0."


@dataclass(frozen=True, slots=True)
class Formula:
    """An operation: its rule, how a program writes it, and its formulas in LaTeX.

    `method` is the method of the reference engine that computes it. `at_zero` is a remark on the
    slope at x = 0.
    """

    rule: str
    method: str
    code: str
    value: str
    by_x: str
    by_y: str = ""
    at_zero: str = ""


FORMULAS = (
    Formula("addition", "__add__", "x + y", "x + y", "1", "1"),
    Formula("subtraction", "__sub__", "x - y", "x - y", "1", "-1"),
    Formula("multiplication", "__mul__", "x * y", "x y", "y", "x"),
    Formula("division", "__truediv__", "x / y", r"\frac{x}{y}", r"\frac{1}{y}", r"-\frac{x}{y^2}"),
    Formula("negation", "__neg__", "-x", "-x", "-1"),
    Formula("power", "__pow__", "x ** n", "x^n", "n x^{n-1}"),
    Formula("a Value as exponent", "__pow__", "x ** y", "x^y", r"y x^{y-1}", r"x^y \ln x"),
    Formula("multiplication of a number", "__mul__", "c * x", "c x", "c"),
    Formula("subtraction from a number", "__rsub__", "c - x", "c - x", "-1"),
    Formula("division of a number", "__rtruediv__", "c / x", r"\frac{c}{x}", r"-\frac{c}{x^2}"),
    Formula("power of a number", "__rpow__", "c ** x", "c^x", r"c^x \ln c"),
    Formula("exp", "exp", "x.exp()", "e^x", "e^x"),
    Formula("log", "log", "x.log()", r"\ln x", r"\frac{1}{x}"),
    Formula("tanh", "tanh", "x.tanh()", r"\tanh x", r"1 - \tanh^2 x"),
    Formula("sigmoid", "sigmoid", "x.sigmoid()", r"\sigma(x)", r"\sigma(x) (1 - \sigma(x))"),
    Formula(
        "relu",
        "relu",
        "x.relu()",
        r"\max(0, x)",
        r"1 \text{ for } x > 0, \; 0 \text{ for } x < 0",
        at_zero=KINK,
    ),
    Formula(
        "abs",
        "__abs__",
        "abs(x)",
        "|x|",
        r"1 \text{ for } x > 0, \; {-1} \text{ for } x < 0",
        at_zero=KINK,
    ),
    Formula("sqrt", "sqrt", "x.sqrt()", r"\sqrt{x}", r"\frac{1}{2 \sqrt{x}}"),
    Formula("sin", "sin", "x.sin()", r"\sin x", r"\cos x"),
    Formula("cos", "cos", "x.cos()", r"\cos x", r"-\sin x"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A slope: its formula as MathML, and its number. `remark` is about this number, if any."""

    by: str
    formula: Markup
    number: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation in the table."""

    code: str
    formula: Markup
    value: str
    slopes: tuple[Slope, ...]
    lesson: Lesson | None


def list_rows(x: float, y: float, *, n: float, c: float) -> tuple[Row, ...]:
    """The table of rules at these numbers: two Values, an exponent and another plain number.

    The results come from the reference engine.
    """
    return tuple(_compute(formula, x, y, {"n": n, "c": c}) for formula in FORMULAS)


def _compute(formula: Formula, x: float, y: float, plain: Mapping[str, float]) -> Row:
    program = f"x = Value(a)\ny = Value(b)\nL = {formula.code}\nL.backward()"
    used = {name: number for name, number in plain.items() if name in formula.code.split()}
    graph = parse(program, constants={"a": x, "b": y, **used})
    right = evaluate(graph)
    # Where there is no value, there is no slope, even if its formula gives a number.
    by_x, by_y = (math.nan, math.nan) if math.isnan(right.data[-1]) else right.grad[:2]
    slopes = (("x", formula.by_x, by_x), ("y", formula.by_y, by_y))
    return Row(
        code=formula.code,
        formula=Markup(to_mathml(formula.value)),
        value=_write(right.data[-1]),
        slopes=tuple(
            Slope(
                by=by,
                formula=Markup(to_mathml(latex)),
                number=_write(slope),
                remark=formula.at_zero if x == 0 else "",
            )
            for by, latex, slope in slopes
            if latex
        ),
        lesson=lesson_on(formula.rule),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivative:
    """A method of the reference engine: its source, and what it computes.

    `formulas` has each operation's code with its slopes by x and y.
    """

    source: Markup
    formulas: tuple[tuple[str, tuple[tuple[str, Markup], ...]], ...]


@cache
def list_derivatives() -> tuple[Derivative, ...]:
    """The methods of the reference engine, each with the slopes that it computes."""
    return tuple(_list_derivatives())


def _list_derivatives() -> Iterator[Derivative]:
    helpers: Mapping[str, list[Callable[..., float]]] = {
        "__pow__": [engine.differentiate_power, engine.differentiate_by_exponent]
    }
    for method in dict.fromkeys(formula.method for formula in FORMULAS):
        functions = [getattr(engine.Value, method), *helpers.get(method, [])]
        parts = (dedent(inspect.getsource(function)).strip() for function in functions)
        yield Derivative(
            source=highlight_python("\n\n".join(parts)),
            formulas=tuple(
                (
                    formula.code,
                    tuple(
                        (by, Markup(to_mathml(latex)))
                        for by, latex in (("x", formula.by_x), ("y", formula.by_y))
                        if latex
                    ),
                )
                for formula in FORMULAS
                if formula.method == method
            ),
        )


@cache
def show_class() -> Markup:
    """The source of the reference engine's class."""
    return highlight_python(inspect.getsource(engine.Value))


def _write(value: float) -> str:
    if math.isinf(value):
        return INFINITE  # such as exp(1000), which has a value that no float can hold
    return UNDEFINED if math.isnan(value) else number(float(f"{value:.6g}"))


def read_number(text: str, default: float) -> float | None:
    """The number that a visitor chose, the default for an empty text, and None if it's unusable."""
    try:
        value = float(text) if text.strip() else default
    except ValueError:
        return None
    return value if abs(value) <= LARGEST else None
