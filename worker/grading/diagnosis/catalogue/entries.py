"""What an entry of the catalogue is, and how entries write their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from worker.grading.diagnosis.changes import Change, operands_of
from worker.grading.diagnosis.forms import RULES, WRONG_RECIPES
from worker.grading.diagnosis.rules import IDENTICAL

Changes = Callable[[str], Iterable[Change]]

OPERATION = "operation"  # in place of a rule: that of the operation that a mistake is about

FUNCTIONS = ("tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "sqrt")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "functions": FUNCTIONS,
    "functions and abs": (*FUNCTIONS, "abs"),
    "operators": ("+VV", "-VV", "*VV", "/VV", "**VN"),
    "numbers on the left": ("+NV", "-NV", "*NV", "/NV", "**NV"),
    "numbers on the right": ("+VN", "-VN", "*VN", "/VN"),
    "everything": tuple(form for form in RULES if "=" not in form),
}
SMALL_GROUPS = ("functions", "functions and abs", "numbers on the left", "numbers on the right")


def _none(_: str) -> Iterable[Change]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A known mistake, and what to say about it.

    `number` is its number in the list of misconceptions that the corpus of wrong engines uses.
    `rule` is the rule of the suites that it breaks; its lesson teaches it. It may be OPERATION.
    `explanation` may contain {form}, the operation that it is about. The hint is one question.
    `everywhere` are changes of the whole engine, `in_form` gives those of one form, `in_branches`
    those of one form for some numbers only, and `groups` names groups of forms that are often wrong
    in the same way.
    """

    key: str
    number: int | None
    title: str
    explanation: str
    hint: str
    rule: str
    everywhere: tuple[Change, ...] = ()
    in_form: Changes = _none
    in_branches: Changes = _none
    groups: tuple[str, ...] = ()
    cost: float = 0.0  # a more usual mistake that gives the same numbers is preferred


def dials(mistake: str, dial: str, *choices: str) -> tuple[Change, ...]:
    """Returns the changes of one dial."""
    return tuple(Change(mistake=mistake, dials=((dial, choice),)) for choice in choices)


def own(form: str) -> tuple[tuple[str, str], ...]:
    """Returns the recipe of a form that has a rule of its own."""
    return ((form, "native"),)


def each_operand(mistake: str, aspect: str, *choices: str) -> Changes:
    """Returns changes of an aspect of a rule: for all operands, and for one of two."""

    def make(form: str) -> Iterator[Change]:
        positions = tuple(operands_of(form))
        some = [positions, *([(0,), (1,)] if len(positions) == 2 else [])]
        for choice in choices:
            for chosen in some:
                rules = tuple((form, f"{aspect}{i}", choice) for i in chosen)
                yield Change(mistake=mistake, forms=(form,), recipes=own(form), rules=rules)

    return make


def each_of_two(mistake: str, aspect: str, first: str, second: str) -> Changes:
    """Returns changes of an aspect for the first or the second of two operands."""

    def make(form: str) -> Iterator[Change]:
        for i, choice in enumerate((first, second)) if len(operands_of(form)) == 2 else ():
            rules = ((form, f"{aspect}{i}", choice),)
            yield Change(mistake=mistake, forms=(form,), recipes=own(form), rules=rules)

    return make


def rule(mistake: str, aspect: str, *choices: str, forms: Iterable[str] = RULES) -> Changes:
    """Returns changes of an aspect of the rule of some forms."""
    chosen = frozenset(forms)

    def make(form: str) -> Iterator[Change]:
        for choice in choices if form in chosen else ():
            rules = ((form, aspect, choice),)
            yield Change(mistake=mistake, forms=(form,), recipes=own(form), rules=rules)

    return make


def branches(mistake: str, *behaviours: str) -> Changes:
    """Returns changes in which a form does something else with a share, for some numbers."""

    def make(form: str) -> Iterator[Change]:
        for condition in _conditions(form):
            for behaviour in behaviours:
                yield from each_operand(mistake, "branch", f"{condition}: {behaviour}")(form)

    return make


def _conditions(form: str) -> Iterator[str]:
    """What students test for in an operation: signs, and numbers that look special."""
    kinds = form[-2:]
    yield from ("a < 0", "a > 0", "a == 0", "a == 1")
    if kinds == "VV":
        yield from (IDENTICAL, "a == b", "b < 0", "b > 0", "b == 0", "b == 1")
    elif kinds in ("VN", "NV"):
        yield from ("n < 0", "n > 0", "n == 0", "n == 1", "n == 2", "n != 0")
        yield from ("n < 1", "n > 1", "n != int(n)", "n == int(n)")
    else:
        yield from ("a < 1", "a > 1")


def slopes(mistake: str, known: Mapping[str, Iterable[tuple[str | None, ...]]]) -> Changes:
    """Returns changes of slopes, given for each form; None stands for a slope that is right."""

    def make(form: str) -> Iterator[Change]:
        for texts in known.get(form, ()):
            rules = tuple(
                (form, f"slope{i}", text) for i, text in enumerate(texts) if text is not None
            )
            yield Change(mistake=mistake, forms=(form,), recipes=own(form), rules=rules)

    return make


def swapped(mistake: str, sign: str) -> Changes:
    """Returns changes in which the operands of an operator change places."""

    def make(form: str) -> Iterator[Change]:
        if form in WRONG_RECIPES and form.rstrip("VN=") == sign:
            yield Change(mistake=mistake, forms=(form,), recipes=((form, "swapped"),))

    return make


def recipe(mistake: str, forms: Iterable[str], *names: str) -> Changes:
    """Returns changes that make some forms by one of these recipes."""
    chosen = frozenset(forms)

    def make(form: str) -> Iterator[Change]:
        for name in names if form in chosen else ():
            yield Change(mistake=mistake, forms=(form,), recipes=((form, name),))

    return make


def either(*makers: Changes) -> Changes:
    """Returns the changes of all of these."""

    def make(form: str) -> Iterator[Change]:
        for one in makers:
            yield from one(form)

    return make
