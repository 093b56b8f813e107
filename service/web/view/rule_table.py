"""The table of rules: each operation with its slopes, at numbers that a visitor chooses."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from service.feedback.wording import number
from service.web.view.lessons import Lesson, lesson_on, to_mathml
from worker.graph import parse
from worker.reference.engine import evaluate

LARGEST = 1e6  # of a number that a visitor may choose
UNDEFINED, INFINITE = "undefined", "not finite"


@dataclass(frozen=True, slots=True)
class Formula:
    """An operation: its rule, how a program writes it, and its formulas in LaTeX."""

    rule: str
    code: str
    value: str
    by_x: str
    by_y: str = ""


FORMULAS = (
    Formula("addition", "x + y", "x + y", "1", "1"),
    Formula("subtraction", "x - y", "x - y", "1", "-1"),
    Formula("multiplication", "x * y", "x y", "y", "x"),
    Formula("division", "x / y", r"\frac{x}{y}", r"\frac{1}{y}", r"-\frac{x}{y^2}"),
    Formula("negation", "-x", "-x", "-1"),
    Formula("power", "x ** 3", "x^3", "3 x^2"),
    Formula("a Value as exponent", "x ** y", "x^y", r"y x^{y-1}", r"x^y \ln x"),
    Formula("multiplication of a number", "2 * x", "2 x", "2"),
    Formula("subtraction from a number", "2 - x", "2 - x", "-1"),
    Formula("division of a number", "2 / x", r"\frac{2}{x}", r"-\frac{2}{x^2}"),
    Formula("exp", "x.exp()", "e^x", "e^x"),
    Formula("log", "x.log()", r"\ln x", r"\frac{1}{x}"),
    Formula("tanh", "x.tanh()", r"\tanh x", r"1 - \tanh^2 x"),
    Formula("sigmoid", "x.sigmoid()", r"\sigma(x)", r"\sigma(x) (1 - \sigma(x))"),
    Formula("relu", "x.relu()", r"\max(0, x)", r"1 \text{ or } 0"),
    Formula("abs", "abs(x)", "|x|", r"1 \text{ or } {-1}"),
    Formula("sqrt", "x.sqrt()", r"\sqrt{x}", r"\frac{1}{2 \sqrt{x}}"),
    Formula("sin", "x.sin()", r"\sin x", r"\cos x"),
    Formula("cos", "x.cos()", r"\cos x", r"-\sin x"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A slope: its formula as MathML, and its number."""

    by: str
    formula: Markup
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation in the table."""

    code: str
    formula: Markup
    value: str
    slopes: tuple[Slope, ...]
    lesson: Lesson | None


def list_rows(x: float, y: float) -> tuple[Row, ...]:
    """The table of rules at two numbers. Numbers come from the reference engine."""
    return tuple(_compute(formula, x, y) for formula in FORMULAS)


def _compute(formula: Formula, x: float, y: float) -> Row:
    program = f"x = Value(a)\ny = Value(b)\nL = {formula.code}\nL.backward()"
    graph = parse(program, constants={"a": x, "b": y})
    right = evaluate(graph)
    # Where there is no value, there is no slope, even if its formula gives a number.
    by_x, by_y = (math.nan, math.nan) if math.isnan(right.data[-1]) else right.grad[:2]
    slopes = (("x", formula.by_x, by_x), ("y", formula.by_y, by_y))
    return Row(
        code=formula.code,
        formula=Markup(to_mathml(formula.value)),
        value=_write(right.data[-1]),
        slopes=tuple(
            Slope(by=by, formula=Markup(to_mathml(latex)), number=_write(slope))
            for by, latex, slope in slopes
            if latex
        ),
        lesson=lesson_on(formula.rule),
    )


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
