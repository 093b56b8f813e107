"""Slopes and updates without a name: a formula, and unusual ways to add a share."""

from __future__ import annotations

from worker.grading.diagnosis.catalogue.entries import Misconception, each_operand
from worker.suites.rules import CHAIN, REUSE

FORMULA = Misconception(
    key="formula",
    number=None,
    title="{form} follows another formula",
    explanation=(
        "Your numbers for {form} behave like {yours}. The code may be written differently, but it "
        "gives the same numbers."
    ),
    hint="What does the derivative of this operation look like on paper?",
    rule=CHAIN,
    lesson="chain",
    cost=0.06,
)
ODD = (
    Misconception(
        key="odd-upstream",
        number=None,
        title="{form} changes the gradient that comes from above",
        explanation=(
            "{form} should multiply its slope by the gradient of its result. Yours uses something "
            "else in its place, which agrees only for some numbers."
        ),
        hint="If the gradient of the result is -2, what should this operation hand on?",
        rule=CHAIN,
        lesson="chain",
        in_form=each_operand("odd-upstream", "upstream", "out", "square", "abs", "mask", "positive"),  # noqa: E501
        cost=0.04,
    ),
    Misconception(
        key="odd-update",
        number=None,
        title="{form} doesn't add its share to the gradient",
        explanation=(
            "{form} computes the right share, but it doesn't simply add it to the gradient of its "
            "operand. It subtracts it, adds it twice, or keeps only one of two shares."
        ),
        hint="If x already has the gradient 5 and a share of 2 arrives, what should x have?",
        rule=REUSE,
        lesson="accumulate",
        in_form=each_operand(
            "odd-update", "update", "subtract", "multiply", "twice", "first", "largest",
            "whole share", "turned",
        ),
        cost=0.04,
    ),
)  # fmt: skip
