"""Mistakes in one form: what a student writes instead, as another method for the engine."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.strength.forms.engine import Method, give, make_method, times
from tests.strength.forms.form import Form, Shape
from tests.strength.forms.table import FORMS


class Kind(StrEnum):
    """The columns of the table of `make strength`."""

    ASSIGNS = "assigns"
    DROPS = "drops"
    UPSTREAM = "upstream"
    OPERANDS = "operands"
    MASKS = "masks"
    SWAPS = "swaps"
    SLOPE = "slope"
    GRADIENT = "gradient"
    NUMBERS = "numbers"
    NODES = "nodes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A form with one mistake. `text` is its method, with that method's name."""

    form: Form
    kind: Kind
    what: str
    method: str
    text: str

    @property
    def name(self) -> str:
        """The form and what is wrong there."""
        return f"{self.form.name}: {self.what}"


Change = Callable[[Method], None]


def make_mutants() -> Iterator[Mutant]:
    """Every mistake in every form, each of them another program."""
    for form in FORMS:
        right = make_method(form)
        seen = {right.write()}
        for kind, what, change in _list_mistakes(form):
            method = copy.deepcopy(right)
            change(method)
            text = method.write()
            if text not in seen:
                seen.add(text)
                yield Mutant(form=form, kind=kind, what=what, method=right.name, text=text)


def _list_mistakes(form: Form) -> Iterator[tuple[Kind, str, Change]]:
    for operand in form.slopes:
        yield from _change_closure(form, operand)
        yield from _change_slope(form, operand)
        yield from _mask(form, operand)
        yield from _change_node(operand)
    if len(form.slopes) == 2:
        yield from _confuse_operands(form)
    if form.parameter == "number":
        yield from _change_number(form)
    yield from _change_whole(form)


def _close(operand: str, *statements: str) -> Change:
    def change(method: Method) -> None:
        method.closures[operand] = list(statements)

    return change


def _change_closure(form: Form, operand: str) -> Iterator[tuple[Kind, str, Change]]:
    """The statement itself is another one."""
    slope = form.slopes[operand]

    def add(kind: Kind, *statements: str) -> tuple[Kind, str, Change]:
        what = f"to_{operand}: {'; '.join(statements)}"
        return kind, what, _close(operand, *statements)

    part = times(slope, "out.grad")
    mine = f"{operand}.grad"
    yield add(Kind.ASSIGNS, give(form, operand, "="))
    yield add(Kind.ASSIGNS, f"{mine} = {mine} or {part}")
    yield add(Kind.ASSIGNS, f"{mine} = max({mine}, {part}, key=abs)")
    yield Kind.DROPS, f"nothing for {operand}", _close(operand, "pass")
    yield add(Kind.UPSTREAM, f"{mine} += {slope}")
    yield add(Kind.UPSTREAM, f"{mine} += {times(slope, 'out.data')}")
    yield add(Kind.UPSTREAM, f"{mine} += {times(slope, 'out.grad ** 2')}")
    yield add(Kind.UPSTREAM, f"{mine} += {times(slope, 'abs(out.grad)')}")
    yield add(Kind.UPSTREAM, f"{mine} += {times(slope, 'max(out.grad, 0)')}")
    yield add(Kind.UPSTREAM, f"{mine} += {times(slope, '(out.grad > 0)')}")
    yield add(Kind.UPSTREAM, f"{mine} += ({slope}) + out.grad")
    yield add(Kind.GRADIENT, f"{mine} += {times(slope, mine)}")
    yield add(Kind.GRADIENT, f"{mine} -= {part}")
    yield add(Kind.GRADIENT, f"{mine} *= {part}")
    yield add(Kind.GRADIENT, f"{mine} += {part}", f"{mine} += {part}")
    yield add(Kind.GRADIENT, f"{mine} += int({part})")
    yield add(Kind.GRADIENT, f"{mine} = {part} - {mine}")
    yield add(Kind.GRADIENT, f"{operand}.data += {part}")
    yield add(Kind.GRADIENT, f"out.grad += {part}")
    for sibling in form.slopes.keys() - {operand}:
        yield add(Kind.GRADIENT, f"{mine} += {times(slope, f'{sibling}.grad')}")
        yield add(Kind.GRADIENT, f"{sibling}.grad += {part}")
        yield add(Kind.MASKS, give(form, operand), f"{sibling}.grad = 0.0")


def _change_slope(form: Form, operand: str) -> Iterator[tuple[Kind, str, Change]]:
    """The slope is another one."""
    slope = form.slopes[operand]
    slopes = [*form.wrong.get(operand, ()), "1", "-1", *_misread(slope, form.parameter)]
    for wrong in slopes:
        statement = f"{operand}.grad += {times(wrong, 'out.grad')}"
        yield Kind.SLOPE, f"to_{operand}: {statement}", _close(operand, statement)
    for sibling, other in form.slopes.items():
        if sibling != operand:
            statement = f"{operand}.grad += {times(other, 'out.grad')}"
            yield Kind.SWAPS, f"to_{operand}: {statement}", _close(operand, statement)


def _misread(slope: str, parameter: str) -> Iterator[str]:
    """The slope with one name read as another, or with one digit changed."""
    for found in re.finditer(r"(self|other|out)\.data|number", slope):
        names = ["self.data", "out.data", "self.grad", "out.grad"]
        if parameter:
            names.append("other.data" if parameter == "other" else "number")
        if parameter == "other":
            names.append("other.grad")
        for name in names:
            yield slope[: found.start()] + name + slope[found.end() :]
    for found in re.finditer(r"\b[12]\b", slope):
        for digit in ("0", "1", "2", "3"):
            yield slope[: found.start()] + digit + slope[found.end() :]


def _mask(form: Form, operand: str) -> Iterator[tuple[Kind, str, Change]]:
    """A branch for a special number, or for one side of a kink, does something else."""
    right = give(form, operand)
    for special in form.specials.get(operand, ()):
        branches = [f"{operand}.grad = 0.0"]
        if not special.flat:
            branches.append("pass")
        if special.kink or re.fullmatch("number == [12]", special.condition):
            branches.append(give(form, operand, "="))
        if special.kink:
            branches.append(f"{operand}.grad += {form.slopes[operand]}")
        for branch in branches:
            lines = (f"if {special.condition}:", f"    {branch}", "else:", f"    {right}")
            what = f"to_{operand}: if {special.condition}: {branch}"
            yield Kind.MASKS, what, _close(operand, *lines)


def _change_node(operand: str) -> Iterator[tuple[Kind, str, Change]]:
    """The result doesn't know its operand, or knows a copy."""

    def forget(method: Method) -> None:
        method.children.remove(operand)

    def copy_data(method: Method) -> None:
        method.first.append(f"{operand} = Value({operand}.data)")

    def hook_on_operand(method: Method) -> None:
        method.owner = operand

    yield Kind.OPERANDS, f"the result forgets {operand}", forget
    yield Kind.OPERANDS, f"{operand} = Value({operand}.data)", copy_data
    yield Kind.NODES, f"{operand}.steps = ...", hook_on_operand


def _confuse_operands(form: Form) -> Iterator[tuple[Kind, str, Change]]:
    """Both operands, and their order."""

    def forget(method: Method) -> None:
        method.children = []

    def make(condition: str, operand: str) -> Change:
        lines = (f"if not {condition}:", f"    {give(form, operand)}")
        return _close(operand, *lines)

    yield Kind.OPERANDS, "the result forgets both", forget
    for operand in form.slopes:
        for condition in ("(self is other)", "(self.data == other.data)"):
            what = f"if not {condition}: {give(form, operand)}"
            yield Kind.ASSIGNS, what, make(condition, operand)

    def exchange(method: Method) -> None:
        first, second = form.slopes.values()
        method.closures["self"] = [f"self.grad += {times(second, 'out.grad')}"]
        method.closures["other"] = [f"other.grad += {times(first, 'out.grad')}"]

    yield Kind.SWAPS, "both gradients swapped", exchange

    def turn_round(method: Method) -> None:
        method.first.append("self, other = other, self")

    if form.operation not in "+*":
        yield Kind.SWAPS, "self, other = other, self", turn_round


def _change_number(form: Form) -> Iterator[tuple[Kind, str, Change]]:
    """The plain number is used in another way."""

    def change_value(function: str) -> Change:
        def change(method: Method) -> None:
            method.value = method.value.replace("number", f"{function}(number)")

        return change

    def begin_with(*lines: str) -> Change:
        return lambda method: method.first.extend(lines)

    def change_slope(number: str) -> Change:
        slope = form.slopes["self"].replace("number", number)
        return _close("self", f"self.grad += {times(slope, 'out.grad')}")

    can_be_negative = (form.operation, form.shape) != ("**", Shape.NUMBER_LEFT)
    functions = ("int", "abs") if can_be_negative else ("int",)
    for function in functions:
        changed = f"{function}(number)"
        yield Kind.NUMBERS, f"{changed} in the slope", change_slope(changed)
        yield Kind.NUMBERS, f"{changed} in the value", change_value(function)
        yield Kind.NUMBERS, f"number = {changed}", begin_with(f"number = {changed}")
    for number in ("number.data", "number.grad"):
        yield Kind.NUMBERS, f"{number} in the slope", change_slope(number)
    for one in ("int", "float"):
        test = f"assert isinstance(number, {one})"
        yield Kind.NUMBERS, test, begin_with(test)
    if can_be_negative:
        yield Kind.NUMBERS, "assert number > 0", begin_with("assert number > 0")
    for special in form.specials.get("self", ()):
        if special.condition.startswith("number"):
            test = f"assert not {special.condition}"
            yield Kind.NUMBERS, test, begin_with(test)
            if not special.flat:
                lines = (f"if {special.condition}:", f"    return Value({form.value})")
                yield Kind.OPERANDS, " ".join(map(str.strip, lines)), begin_with(*lines)
    if form.shape is Shape.NUMBER_LEFT and form.operation not in "+*":
        line = f"return self {form.operation} number"
        yield Kind.SWAPS, line, begin_with(line)


def _change_whole(form: Form) -> Iterator[tuple[Kind, str, Change]]:
    """The method returns another thing, or computes another number."""

    def begin_with(*lines: str) -> Change:
        return lambda method: method.first.extend(lines)

    def compute(value: str) -> Change:
        def change(method: Method) -> None:
            method.value = value

        return change

    def give_back(result: str) -> Change:
        def change(method: Method) -> None:
            method.result = result

        return change

    for value in form.wrong_values:
        kind = Kind.SWAPS if sorted(value) == sorted(form.value) else Kind.SLOPE
        yield kind, f"Value({value})", compute(value)
    yield Kind.NODES, "returns a number", begin_with(f"return {form.value}")
    yield Kind.NODES, "returns nothing", give_back("None")
    yield Kind.NODES, "returns another node", give_back("Value(out.data)")
    yield Kind.NODES, "returns self", give_back("self")
    if form.shape in (Shape.IN_PLACE, Shape.IN_PLACE_NUMBER):
        lines = (f"self.data = {form.value}", "return self")
        yield Kind.NODES, "changes self.data", begin_with(*lines)
        for other in ("+", "-", "*"):
            if other != form.operation:
                line = f"return self {other} {form.parameter}"
                yield Kind.SWAPS, line, begin_with(line)
