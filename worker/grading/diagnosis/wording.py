"""Writes formulas and forms as students do, and fills the texts of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import RULES
from worker.report.model import Formula

GROUPS_IN_WORDS = 3  # more forms than this are named by the first ones
NAMES = {"a": "x", "b": "y", "g": "the gradient of the result", "ga": "x.grad", "gb": "y.grad"}
SYMBOLS = {"tanh": "t", "sigmoid": "s", "exp": "e"}
POWER = re.compile(r"pow\(([^(),]+), ([^()]+)\)")


def show_form(form: str) -> str:
    """A form as it stands in a program.

    >>> show_form("-NV"), show_form("tanh"), show_form("+=VV")
    ('n - x', 'tanh(x)', 'x += y')
    """
    if form == "neg":
        return "-x"
    if form[-2:] not in ("VV", "VN", "NV"):
        return f"{form}(x)"
    left, right = {"VV": ("x", "y"), "VN": ("x", "n"), "NV": ("n", "x")}[form[-2:]]
    return f"{left} {form[:-2]} {right}"


def show_text(text: str, form: str) -> str:
    """The text of a rule with a student's names.

    >>> show_text("1 - out**2", "tanh"), show_text("n * pow(a, n - 1)", "**VN")
    ('1 - t**2', 'n * x**(n - 1)')
    """
    text = text.removesuffix(" if n else 0")
    text = POWER.sub(lambda found: f"{found[1]}**{_wrap(found[2])}", text)
    names = {**NAMES, "out": SYMBOLS.get(form, "out")}
    return re.sub(r"[a-z]+", lambda found: names.get(found[0], found[0]), text)


def _wrap(text: str) -> str:
    return text if re.fullmatch(r"\w+", text) else f"({text})"


def show_forms(forms: Sequence[str]) -> str:
    """Several forms in a sentence."""
    shown = [show_form(form) for form in forms]
    if len(shown) > GROUPS_IN_WORDS:
        return f"{', '.join(shown[:GROUPS_IN_WORDS])} and {len(shown) - GROUPS_IN_WORDS} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)


def fill(text: str, changes: Sequence[Change]) -> str:
    """A text of the catalogue for the forms that the changes are about."""
    forms = list(dict.fromkeys(form for change in changes for form in change.forms))
    yours = "; ".join(
        show_text(rule, form)
        for change in changes
        for form, aspect, rule in change.rules
        if aspect.startswith(("slope", "value"))
    )
    return text.replace("{form}", show_forms(forms) if forms else "").replace("{yours}", yours)


def find_formula(changes: Sequence[Change]) -> Formula | None:
    """The formula that the changes put in a right one's place; the first, if there are several."""
    for change in changes:
        for form, aspect, text in sorted(change.rules, key=lambda rule: rule[1], reverse=True):
            if not aspect.startswith(("slope", "value")):
                continue
            position = 0 if aspect == "value" else 1 + int(aspect[-1])
            right = RULES[form][position]
            uses_result = re.search(r"\bout\b", f"{text} {right}")
            shown = show_form(form)
            return Formula(
                of=shown,
                by="" if aspect == "value" else "xy"[int(aspect[-1])],
                yours=show_text(text, form),
                right=show_text(right, form),
                where=f"{SYMBOLS.get(form, 'out')} = {shown}" if uses_result else "",
            )
    return None
