"""Mistakes in local slopes and values, the ones that many students make."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.grading.diagnosis.catalogue.entries import (
    OPERATION,
    Misconception,
    either,
    own,
    slopes,
    swapped,
)
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import RULES

GRADIENTS = {"a": "ga", "b": "gb", "out": "g"}
NUMBER = re.compile(r"\b(a|b|n|out)\b")


def gradients_for_data(form: str) -> Iterator[Change]:
    """Yields changes of slopes that read gradients in place of numbers, in one place or in all."""
    _, *right = RULES[form]
    wrong = [NUMBER.sub(lambda name: GRADIENTS.get(name[0], name[0]), text) for text in right]
    chosen = [tuple(range(len(right))), *([(0,), (1,)] if len(right) == 2 else [])]
    for some in chosen:
        rules = tuple((form, f"slope{i}", wrong[i]) for i in some if wrong[i] != right[i])
        if rules:
            yield Change(mistake="gradient-for-data", forms=(form,), recipes=own(form), rules=rules)
    gradients = ("ga", "gb", "g") if len(right) == 2 else ("ga", "g")
    for i, text in enumerate(right):
        for found in NUMBER.finditer(text):
            for gradient in gradients:
                slope = text[: found.start()] + gradient + text[found.end() :]
                if slope != wrong[i]:
                    rules = ((form, f"slope{i}", slope),)
                    yield Change(
                        mistake="gradient-for-data", forms=(form,), recipes=own(form), rules=rules
                    )


SLOPES = (
    Misconception(
        key="power-rule",
        number=24,
        title="The power rule has a slip",
        explanation="The value of {form} is right, but {yours}.",
        hint="For n = 1 the slope is the same everywhere. Is yours?",
        rule="power",
        in_form=slopes(
            "power-rule",
            {
                "**VN": [
                    ("pow(a, n - 1)",),
                    ("n * pow(a, n)",),
                    ("2 * a",),
                    ("n * a",),
                    ("(n - 1) * pow(a, n - 1)",),
                    ("pow(a, n)",),
                    ("n * pow(a, n - 1)",),
                ]
            },
        ),
    ),
    Misconception(
        key="difference-sign",
        number=25,
        title="A sign is wrong in the gradient of {form}",
        explanation="The value of {form} is right, but {yours}.",
        hint="If the number that is subtracted grows, does the result grow or shrink?",
        rule="subtraction",
        in_form=slopes(
            "difference-sign",
            {
                "-VV": [("1", "1"), ("-1", "1"), ("-1", "-1")],
                "-NV": [("1",)],
                "-VN": [("-1",)],
                "neg": [("1",)],
                "-=VV": [("1", "1"), ("-1", "1"), ("-1", "-1")],
                "-=VN": [("-1",)],
            },
        ),
    ),
    Misconception(
        key="quotient-rule",
        number=26,
        title="The quotient rule has a slip",
        explanation="The value of {form} is right, but {yours}.",
        hint="If the divisor doubles, by which factor does the slope with respect to it change?",
        rule="division",
        in_form=slopes(
            "quotient-rule",
            {
                "/VV": [
                    (None, "-a / b"),
                    (None, "a / b**2"),
                    (None, "-a / sqrt(b)"),
                    (None, "-1 / b**2"),
                    (None, "1 / b"),
                    (None, "-b / a**2"),
                    ("-b / a**2", "1 / a"),
                    ("-a / b**2", "1 / b"),
                    ("b", None),
                    (None, "1 / a"),
                ],
                "/NV": [("n / a**2",), ("-n / a",), ("n / a",), ("1 / n",)],
            },
        ),
    ),
    Misconception(
        key="tanh-slope",
        number=27,
        title="The slope of tanh is wrong",
        explanation="The value of tanh(x) is right, but {yours}.",
        hint="Where is tanh almost flat, and what is your slope there?",
        rule="tanh",
        in_form=slopes(
            "tanh-slope", {"tanh": [("1 - out",), ("1 - a**2",), ("1 + out**2",), ("out",)]}
        ),
    ),
    Misconception(
        key="function-slope",
        number=28,
        title="The slope of {form} is wrong",
        explanation="The value of {form} is right, but {yours}.",
        hint="Draw the curve: how steep is it at x = 0 and at x = 1, and what do you compute?",
        rule=OPERATION,
        in_form=slopes(
            "function-slope",
            {
                "exp": [("a",), ("1",), ("a * out",)],
                "sigmoid": [("1 - out",), ("out",), ("a * (1 - a)",), ("out * (1 + out)",)],
                "relu": [("1 - out**2",)],
                "log": [("1 / out",), ("out",), ("a",)],
                "sin": [("-cos(a)",), ("cos(out)",), ("sin(a)",)],
                "cos": [("sin(a)",), ("-sin(out)",), ("cos(a)",)],
                "sqrt": [("1 / out",), ("0.5 * out",), ("0.5 / a",), ("2 * out",)],
            },
        ),
    ),
    Misconception(
        key="relu-mask",
        number=29,
        title="relu lets the wrong gradients through",
        explanation="The value of relu(x) is right, but {yours}.",
        hint="For a negative x, what changes in relu(x) if x moves a little?",
        rule="relu",
        in_form=slopes(
            "relu-mask",
            {"relu": [("1",), ("a < 0",), ("g > 0",), ("a",), ("out",), ("1 if a > 0 else 0.01",)]},
        ),
    ),
    Misconception(
        key="own-data",
        number=30,
        title="A factor gets its own number as its slope",
        explanation=(
            "In x * y, the gradient of a factor depends on the other factor. Yours uses the factor "
            "itself: {yours}."
        ),
        hint="If y is 10 and x grows by 1, by how much does x * y grow?",
        rule="multiplication",
        in_form=slopes(
            "own-data", {form: [("a", "b"), (None, "b"), ("a", None)] for form in ("*VV", "*=VV")}
        ),
    ),
    Misconception(
        key="constant-dropped",
        number=31,
        title="The plain number is missing from the gradient of {form}",
        explanation=(
            "The value of {form} is right, but {yours}. A factor that depends on n is missing."
        ),
        hint="If x grows by 1, by how much does the result grow?",
        rule=OPERATION,
        in_form=slopes(
            "constant-dropped",
            {
                **{form: [("1",)] for form in ("*VN", "*NV", "/VN", "*=VN", "/=VN")},
                "/NV": [("-1 / a**2",)],
                "**NV": [("out",)],
            },
        ),
    ),
    Misconception(
        key="difference-swapped",
        number=33,
        title="The operands of {form} are swapped",
        explanation=(
            "The difference is computed with its operands swapped, so the value and the gradient "
            "have the wrong sign."
        ),
        hint="In the method that runs here, which of the two operands is `self`?",
        rule="subtraction from a number",
        in_form=swapped("difference-swapped", "-"),
    ),
    Misconception(
        key="quotient-swapped",
        number=34,
        title="The operands of {form} are swapped",
        explanation="The quotient has its operands swapped, so you get the reciprocal.",
        hint="In the method that runs here, which of the two operands is `self`?",
        rule="division of a number",
        in_form=swapped("quotient-swapped", "/"),
    ),
    Misconception(
        key="gradient-for-data",
        number=47,
        title="A gradient is used in {form} where a number belongs",
        explanation=(
            "The slope of {form} is computed from the gradient of a node. It should use the number "
            "of that node."
        ),
        hint="Which of the two is known before backward() starts: the number or the gradient?",
        rule=OPERATION,
        in_form=either(gradients_for_data, slopes("gradient-for-data", {"*VV": [("ga", "gb")]})),
    ),
    Misconception(
        key="power-of-number",
        number=61,
        title="{form} is mixed up with x ** n",
        explanation=(
            "In {form} the exponent is the Value. Your engine computes the value or the slope as "
            "if x were the base."
        ),
        hint="Which of the two numbers moves when x moves: the base or the exponent?",
        rule="power of a number",
        in_form=either(
            swapped("power-of-number", "**"),
            slopes(
                "power-of-number",
                {
                    "**NV": [
                        ("a * pow(n, a - 1)",),
                        ("n * pow(a, n - 1)",),
                        ("out * log(a)",),
                        ("out * log(abs(a))",),
                    ]
                },
            ),
        ),
    ),
)
