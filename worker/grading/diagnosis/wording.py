"""Writes formulas and forms as students do, and fills the texts of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import RULES
from worker.grading.diagnosis.rules import IDENTICAL
from worker.report.model import Formula

GROUPS_IN_WORDS = 3  # more forms than this are named by the first ones
NAMES = {"a": "x", "b": "y", "g": "the gradient of the result", "ga": "x.grad", "gb": "y.grad"}
SYMBOLS = {"tanh": "t", "sigmoid": "s", "exp": "e"}
LONG = re.compile(r"\d+\.\d{7,}")  # numbers are shown with a few digits
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
    text = LONG.sub(lambda found: f"{float(found[0]):.6g}", text)
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
    """A text of the catalogue for the forms that the changes are about.

    {form} becomes the forms, {yours} what is computed ("the gradient for y is x / y"), and {When}
    the numbers for which it is: "Where x < 0".
    """
    forms = list(dict.fromkeys(form for change in changes for form in change.forms))
    yours = " and ".join(
        _show_change(form, aspect, rule, with_form=len(forms) > 1)
        for change in changes
        for form, aspect, rule in change.rules
        if aspect.startswith(("slope", "value"))
    )
    when = next((when for change in changes if (when := _find_when(change))), "For some numbers")
    text = text.replace("{form}", show_forms(forms) if forms else "").replace("{yours}", yours)
    return text.replace("{When}", when)


EFFECTS = {
    "zeroes": "Where the slope is 0",
    "masks": "Where the slope is 0",
    "sets negative": "Where the slope is negative",
    "sets nonzero": "Where the slope isn't 0",
}


def _find_when(change: Change) -> str:
    """The numbers for which a change does something, as the beginning of a sentence."""
    for form, aspect, text in change.rules:
        if aspect == "effect":
            return EFFECTS.get(text, "")
        if aspect.startswith("branch"):
            condition = text.partition(":")[0]
            if condition == IDENTICAL:
                return "Where both operands are the same node"
            return f"Where {show_text(condition, form)}"
    return ""


def _show_change(form: str, aspect: str, text: str, *, with_form: bool) -> str:
    """What is computed instead of a slope or a value, as a clause."""
    subject = "the value" if aspect == "value" else "the gradient"
    subject += f" of {show_form(form)}" if with_form else ""
    subject += f" for {'xy'[int(aspect[-1])]}" if form.endswith("VV") and aspect != "value" else ""
    shown = show_text(text, form)
    if re.search("[<>]", text) and " if " not in text:  # a comparison is 1 or 0
        shown = f"1 where {shown}, and 0 elsewhere"
    elif rest := re.fullmatch(r"(.+) if (.*[<>].*) else (.+)", shown):
        shown = f"{rest[1]} where {rest[2]}, and {rest[3]} elsewhere"
    where = _explain_result(text, form)
    return f"{subject} is {shown}" + (f" (where {where})" if where else "")


def _explain_result(text: str, form: str) -> str:
    """What the name of the result stands for, if a text has it: "t = tanh(x)"."""
    return f"{SYMBOLS.get(form, 'out')} = {show_form(form)}" if re.search(r"\bout\b", text) else ""


def find_formula(changes: Sequence[Change]) -> Formula | None:
    """The formula that the changes put in a right one's place; the first, if there are several."""
    for change in changes:
        for form, aspect, text in sorted(change.rules, key=lambda rule: rule[1], reverse=True):
            if not aspect.startswith(("slope", "value")):
                continue
            position = 0 if aspect == "value" else 1 + int(aspect[-1])
            right = RULES[form][position]
            return Formula(
                of=show_form(form),
                by="" if aspect == "value" else "xy"[int(aspect[-1])],
                yours=show_text(text, form),
                right=show_text(right, form),
                where=_explain_result(f"{text} {right}", form),
            )
    return None
