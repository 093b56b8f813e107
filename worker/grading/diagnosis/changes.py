"""Changes of a model: one mistake in one place, or another right way to write a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from worker.grading.diagnosis.forms import RECIPES, RULES
from worker.grading.diagnosis.model import Model, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mistake, or a way to write something that is right (`mistake` is "").

    `mistake` is the key of a misconception, `forms` are the forms that it is about, and the rest
    says what it changes in a model. `text` is the expression of a formula.
    """

    mistake: str
    forms: tuple[str, ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()
    rules: tuple[Setting, ...] = ()
    dials: tuple[tuple[str, str], ...] = ()
    text: str = ""

    def apply(self, model: Model) -> Model | None:
        """Returns the changed model; None if it is the same, or if the change undoes another."""
        recipes, rules, *dials = model
        if self.recipes:
            recipes = tuple(sorted({**dict(recipes), **dict(self.recipes)}.items()))
        if self.rules:
            known = {one[:2] for one in rules}
            if any(one[:2] in known for one in self.rules):
                return None
            rules = tuple(sorted((*rules, *self.rules)))
        changed = Model(recipes, rules, *dials)
        for dial, choice in self.dials:
            if dial != "order" and getattr(model, dial) != getattr(RIGHT, dial):
                return None
            changed = changed.with_dial(dial, choice)
        return None if changed == model else changed


RIGHT = Model()
ORDERS = tuple(
    Change(mistake="", dials=(("order", order),))
    for order in ("left", "right", "set", "set right", "first-in", "last-in", "tape")
)


def operands_of(form: str) -> range:
    """The positions of a form's operands that are Values."""
    return range(len(RULES[form]) - 1)


def styles(forms: frozenset[str], model: Model) -> Iterator[Change]:
    """Other right ways to write these forms, and other right orders."""
    for form in sorted(forms):
        chosen = dict(model.recipes).get(form, "plain" if "=" in form else "native")
        options = ("native", *RECIPES.get(form, {})) if "=" not in form else ("plain", "native")
        for recipe in options:
            if recipe != chosen:
                yield _style(form, recipe)


@cache
def _style(form: str, recipe: str) -> Change:
    return Change(mistake="", forms=(form,), recipes=((form, recipe),))


def orders(model: Model) -> Iterator[Change]:
    """Other right orders."""
    return (change for change in ORDERS if change.dials[0][1] != model.order)


def feels_order(change: Change) -> bool:
    """Whether a mistake's numbers may depend on the order of operands or nodes."""
    return bool(change.dials) or any(
        aspect == "effect"
        or (aspect.startswith("update") and text not in ("none", "subtract", "twice"))
        or (aspect.startswith("upstream") and text in ("own", "sibling"))
        for _, aspect, text in change.rules
    )
