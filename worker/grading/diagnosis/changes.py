"""Changes of a model: one mistake in one place, or another right way to write a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
        changed = model
        for form, recipe in self.recipes:
            changed = changed.with_recipe(form, recipe)
        if self.rules:
            known = {one[:2] for one in model.rules}
            if any(one[:2] in known for one in self.rules):
                return None
            changed = changed.with_rules(*self.rules)
        for dial, choice in self.dials:
            if dial != "order" and getattr(model, dial) != getattr(RIGHT, dial):
                return None
            changed = changed.with_dial(dial, choice)
        return None if changed == model else changed


RIGHT = Model()
STYLES_OF_ORDER = ("left", "right", "set", "set right", "first-in", "last-in", "tape")


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
                yield Change(mistake="", forms=(form,), recipes=((form, recipe),))


def orders(model: Model) -> Iterator[Change]:
    """Other right orders."""
    for order in STYLES_OF_ORDER:
        if order != model.order:
            yield Change(mistake="", dials=(("order", order),))


def feels_order(change: Change) -> bool:
    """Whether a mistake's numbers may depend on the order of operands or nodes."""
    return bool(change.dials) or any(
        aspect == "effect"
        or (aspect.startswith("update") and text not in ("none", "subtract", "twice"))
        or (aspect.startswith("upstream") and text in ("own", "sibling"))
        for _, aspect, text in change.rules
    )
