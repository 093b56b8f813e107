"""An engine as a value: the right one, or one with mistakes."""

from __future__ import annotations

from typing import NamedTuple

Setting = tuple[str, str, str]  # a form or a primitive, an aspect of it, and what is there


class Model(NamedTuple):
    """An engine. Whatever isn't named is as in a right engine.

    `recipes` says how a form is made of others: (form, recipe). `rules` changes the rule of a
    primitive operation: (primitive, aspect, text). Both are sorted. `traversal` is the way
    backward visits nodes, `accumulation` how a share is added to a gradient, `identity` when two
    nodes count as one, and `order` the order of operands and of the sorted nodes.

    Predictions are remembered by model, so it is a tuple: that is hashed fastest.
    """

    recipes: tuple[tuple[str, str], ...] = ()
    rules: tuple[Setting, ...] = ()
    traversal: str = "topological"
    accumulation: str = "add"
    identity: str = "object"
    order: str = "left"

    def with_recipe(self, form: str, recipe: str) -> Model:
        """Returns the model with another recipe for a form."""
        chosen = dict(self.recipes) | {form: recipe}
        return self._replace(recipes=tuple(sorted(chosen.items())))

    def with_rules(self, *settings: Setting) -> Model:
        """Returns the model with other rules of primitives."""
        chosen = {(primitive, aspect): text for primitive, aspect, text in self.rules}
        chosen |= {(primitive, aspect): text for primitive, aspect, text in settings}
        rules = tuple(sorted((*key, text) for key, text in chosen.items()))
        return self._replace(rules=rules)

    def with_dial(self, dial: str, choice: str) -> Model:
        """Returns the model with another traversal, accumulation, identity or order."""
        return self._replace(**{dial: choice})  # type: ignore[arg-type]

    def reduced(self, forms: frozenset[str]) -> Model:
        """Returns the model without what no graph of these forms can feel."""
        recipes, rules, *dials = self
        return Model(
            tuple([one for one in recipes if one[0] in forms]),
            tuple([one for one in rules if one[0] in forms]),
            *dials,
        )
