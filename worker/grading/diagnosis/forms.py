"""Forms of operations: how each may be made of others, and the rules of those made of none.

A form is an operation with the kinds of its operands: `*VN` is a Value times a plain number. The
texts of rules are expressions of `a` and `b` (the numbers of the operands), `n` (the plain number),
`out` (the result), `g` (the gradient of the result), `ga` and `gb` (the gradients of the operands).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from worker.grading.diagnosis.model import Model
from worker.graph import Apply, Constant, Graph
from worker.suites.rules import IN_PLACE_FORMS, NUMBER_ON_THE_LEFT, NUMBER_ON_THE_RIGHT, VALUES

OPERATORS = ("+", "-", "*", "/", "**")

# The value, and the slope by each operand that is a Value.
RIGHT: Mapping[str, tuple[str, ...]] = {
    "+VV": ("a + b", "1", "1"),
    "+VN": ("a + n", "1"),
    "+NV": ("n + a", "1"),
    "-VV": ("a - b", "1", "-1"),
    "-VN": ("a - n", "1"),
    "-NV": ("n - a", "-1"),
    "*VV": ("a * b", "b", "a"),
    "*VN": ("a * n", "n"),
    "*NV": ("n * a", "n"),
    "/VV": ("a / b", "1 / b", "-a / b**2"),
    "/VN": ("a / n", "1 / n"),
    "/NV": ("n / a", "-n / a**2"),
    "**VV": ("pow(a, b)", "b * pow(a, b - 1)", "out * log(a) if a > 0 else 0"),
    "**VN": ("pow(a, n)", "n * pow(a, n - 1) if n else 0"),
    "**NV": ("pow(n, a)", "out * log(n)"),
    "neg": ("-a", "-1"),
    "tanh": ("tanh(a)", "1 - out**2"),
    "exp": ("exp(a)", "out"),
    "log": ("log(a)", "1 / a"),
    "relu": ("a if a > 0 else 0.0", "a > 0"),
    "sigmoid": ("sigmoid(a)", "out * (1 - out)"),
    "sin": ("sin(a)", "cos(a)"),
    "cos": ("cos(a)", "-sin(a)"),
    "sqrt": ("sqrt(a)", "0.5 / out"),
    "abs": ("abs(a)", "sign(a)"),
}
IN_PLACE = tuple(
    f"{sign}={kinds}"
    for sign in OPERATORS
    for kinds in ("VV", "VN")
    if (sign, kinds) != ("**", "VV")
)
RULES: Mapping[str, tuple[str, ...]] = {
    **RIGHT,
    **{form: RIGHT[form.replace("=", "")] for form in IN_PLACE},
}

# How a right engine may make a form of others: operands are `l` and `r`, and an expression is an
# operation with its operands. `V(r)` makes a leaf of a plain number.
RECIPES: Mapping[str, Mapping[str, object]] = {
    "+VN": {"coerce": ("+", "l", ("V", "r"))},
    "+NV": {"swap": ("+", "r", "l"), "coerce": ("+", ("V", "l"), "r")},
    "*VN": {"coerce": ("*", "l", ("V", "r"))},
    "*NV": {"swap": ("*", "r", "l"), "coerce": ("*", ("V", "l"), "r")},
    "-VV": {
        "opposite": ("+", "l", ("neg", "r")),
        "times": ("+", "l", ("*", "r", -1)),
    },
    "-VN": {
        "coerce": ("-", "l", ("V", "r")),
        "opposite": ("+", "l", ("minus", "r")),
    },
    "-NV": {
        "coerce": ("-", ("V", "l"), "r"),
        "opposite": ("+", "l", ("neg", "r")),
        "turned": ("+", ("neg", "r"), "l"),
        "negated": ("neg", ("-", "r", "l")),
    },
    "neg": {"times": ("*", "l", -1), "zero": ("-", 0, "l")},
    "/VV": {"power": ("*", "l", ("**", "r", -1))},
    "/VN": {
        "coerce": ("/", "l", ("V", "r")),
        "power": ("*", "l", ("inverse", "r")),
        "leaf": ("*", "l", ("**", ("V", "r"), -1)),
    },
    "/NV": {
        "coerce": ("/", ("V", "l"), "r"),
        "power": ("*", "l", ("**", "r", -1)),
        "turned": ("*", ("**", "r", -1), "l"),
        "leaf": ("*", ("V", "l"), ("**", "r", -1)),
    },
    "**VN": {"coerce": ("**", "l", ("V", "r"))},
    "**NV": {
        "coerce": ("**", ("V", "l"), "r"),
        "exp": ("exp", ("*", "r", ("ln", "l"))),
    },
    "sqrt": {"power": ("**", "l", 0.5)},
    "sigmoid": {
        "exp": ("/", 1, ("+", 1, ("exp", ("neg", "l")))),
        "inverse": ("**", ("+", ("exp", ("neg", "l")), 1), -1),
    },
    "tanh": {
        "exp": (
            "/",
            ("-", ("exp", ("*", "l", 2)), 1),
            ("+", ("exp", ("*", "l", 2)), 1),
        )
    },
    "abs": {"relu": ("+", ("relu", "l"), ("relu", ("neg", "l")))},
}
# What students write by mistake in place of a form.
WRONG_RECIPES: Mapping[str, Mapping[str, object]] = {
    "-NV": {"swapped": ("-", "r", "l")},
    "/NV": {"swapped": ("/", "r", "l")},
    "**NV": {"swapped": ("**", "r", "l")},
    **{
        f"{sign}={kinds}": {"swapped": (sign, "r", "l")}
        for sign in ("-", "/", "**")
        for kinds in ("VV", "VN")
        if (sign, kinds) != ("**", "VV")
    },
}
# Two usual ways to write an engine, other than every form for itself: few forms that the others
# use, or every plain number made a Value.
FEW: Mapping[str, str] = {
    "+VN": "coerce",
    "+NV": "swap",
    "*VN": "coerce",
    "*NV": "swap",
    "-VV": "opposite",
    "-VN": "opposite",
    "-NV": "opposite",
    "neg": "times",
    "/VV": "power",
    "/VN": "power",
    "/NV": "power",
}

COERCED: Mapping[str, str] = {
    form: "coerce" for form in RIGHT if form.endswith(("VN", "NV")) and form != "**VN"
}


def form_of(step: Apply) -> str:
    """Returns the form of a step of a graph."""
    if len(step.operands) == 1:
        return step.operation
    left, right = step.operands
    kinds = "".join("N" if isinstance(one, Constant) else "V" for one in (left, right))
    return step.operation + kinds


def rule_of(form: str) -> str:
    """Returns the rule of the suites that is about a form.

    >>> rule_of("tanh"), rule_of("/VV"), rule_of("/NV"), rule_of("+=VN")
    ('tanh', 'division', 'division of a number', 'in-place addition')
    """
    if form in VALUES:
        return VALUES[form]
    sign, kinds = form[:-2], form[-2:]
    if sign in IN_PLACE_FORMS:
        return IN_PLACE_FORMS[sign]
    return {"VV": VALUES, "VN": NUMBER_ON_THE_RIGHT, "NV": NUMBER_ON_THE_LEFT}[kinds][sign]


def forms_in(graph: Graph) -> frozenset[str]:
    """Returns the forms of a graph, and all that these may be made of."""
    found: set[str] = set()
    for step in graph.steps:
        if isinstance(step, Apply):
            found |= reach(form_of(step))
    return frozenset(found)


@cache
def reach(form: str) -> frozenset[str]:
    """Returns a form and all forms that some recipe may make it of."""
    found, pending = {form}, [form]
    while pending:
        one = pending.pop()
        parts: set[str] = set()
        if "=" in one:
            parts.add(one.replace("=", ""))
        for recipe in written_recipes(one).values():
            parts |= _operations(recipe)
        pending += parts - found
        found |= parts
    return frozenset(found)


def _operations(recipe: object) -> set[str]:
    if not isinstance(recipe, tuple):
        return set()
    sign, *operands = recipe
    found = set().union(*map(_operations, operands))
    if sign in OPERATORS:
        return found | {f"{sign}{kinds}" for kinds in ("VV", "VN", "NV")}
    return found | ({sign} if sign in RIGHT else set())


def executed(graph: Graph, model: Model) -> frozenset[str]:
    """Returns the forms that a graph runs with a model, with those that they are made of."""
    recipes = dict(model.recipes)
    found: set[str] = set()
    pending = [form_of(step) for step in graph.steps if isinstance(step, Apply)]
    while pending:
        form = pending.pop()
        if form in found:
            continue
        found.add(form)
        recipe = recipes.get(form, "plain" if "=" in form else "native")
        if recipe == "plain":
            pending.append(form.replace("=", ""))
        elif recipe in written_recipes(form):
            pending += _operations(written_recipes(form)[recipe])
    return frozenset(found)


@cache
def written_recipes(form: str) -> Mapping[str, object]:
    """Returns how a form can be written with others, rightly or wrongly, by the recipe's name."""
    return {**RECIPES.get(form, {}), **WRONG_RECIPES.get(form, {})}
