"""Complete engines with one slip in one operation, in two styles.

A *native* engine has a closure for each operation. A *composed* one makes `-`, `/`, the minus sign
and sqrt of others, so a slip in `*` or `**` reaches them, too. The operation with the slip has a
closure of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tests.strength.forms.engine import (
    HEAD,
    METHODS,
    TRAVERSALS,
    Method,
    give,
    make_method,
    times,
)
from tests.strength.forms.form import Form, Shape
from tests.strength.forms.table import FORMS
from worker.graph import BINARY

STYLES = ("native", "composed")
COMPOSED: Mapping[str, str] = {
    "-": "self + -lift(other)",
    "/": "self * lift(other) ** -1",
    "neg": "self * -1",
    "sqrt": "self ** 0.5",
}
LIFT = """\


def lift(x):
    return x if isinstance(x, Value) else Value(x)
"""
REFLECTED = "".join(
    f"    def __r{METHODS[sign]}__(self, other):\n        return lift(other) {sign} self\n\n"
    for sign in "+-*/"
)
WRONG: Mapping[str, Mapping[str, str]] = {  # where the table of forms has no wrong slope
    "+": {"other": "-1"},
    "*": {"self": "self.data", "other": "other.data"},
}


def list_operations() -> Iterator[Form]:
    """Yields the form that stands for each operation: of Values, but a plain number as exponent."""
    for form in FORMS:
        wanted = Shape.NUMBER_RIGHT if form.operation == "**" else Shape.VALUES
        if form.shape in (wanted, Shape.FUNCTION):
            yield form


OPERATIONS: Mapping[str, Form] = {form.operation: form for form in list_operations()}
OPERATORS = (*BINARY, "neg")
POWER_OF_NUMBER = next(
    form for form in FORMS if form.operation == "**" and form.shape is Shape.NUMBER_LEFT
)


def write_engine(style: str, slipped: str = "", mistake: str = "") -> str:
    """The engine in a style, with a mistake in one operation."""
    parts = [HEAD]
    for operation, form in OPERATIONS.items():
        method = make_method(form)
        if form.shape is not Shape.FUNCTION:
            method.name = f"__{METHODS[operation]}__"
        if operation in BINARY and operation != "**":
            method.first = ["other = lift(other)"]
        if operation == slipped:
            slip(form, method, mistake)
        if style == "composed" and operation in COMPOSED and operation != slipped:
            head = method.write().partition("\n")[0]
            parts.append(_indent(f"{head}\n    return {COMPOSED[operation]}"))
        else:
            parts.append(_indent(method.write()))
    parts.append(_indent(make_method(POWER_OF_NUMBER).write()))
    return "".join([*parts, REFLECTED, TRAVERSALS["left first"], LIFT])


def list_slips(operations: Iterable[str], mistakes: Iterable[str]) -> Mapping[str, str]:
    """Returns the engine with each mistake in each operation, by style, operation and mistake.

    Nothing is made of a function, so functions are the same in both styles.
    """
    return {
        f"{style}: {mistake} in {operation}": write_engine(style, operation, mistake)
        for operation in operations
        for mistake in mistakes
        for style in (STYLES if operation in OPERATORS else STYLES[:1])
    }


def slip(form: Form, method: Method, mistake: str) -> None:
    """Changes the method of an operation."""
    match mistake:
        case "wrong slope":
            wrong = WRONG.get(form.operation) or dict([_find_wrong(form)])
            for operand, slope in wrong.items():
                method.closures[operand] = [f"{operand}.grad += {times(slope, 'out.grad')}"]
        case "no closure":
            method.closures = {}
        case "no operands":
            method.children, method.closures = [], {}
        case "assigns":
            method.closures = {operand: [give(form, operand, "=")] for operand in form.slopes}
        case "no upstream":
            method.closures = {
                operand: [f"{operand}.grad += {slope}"] for operand, slope in form.slopes.items()
            }
        case _:
            raise ValueError(mistake)


def _find_wrong(form: Form) -> tuple[str, str]:
    operand = list(form.wrong)[-1]
    return operand, form.wrong[operand][0]


def _indent(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()) + "\n"
