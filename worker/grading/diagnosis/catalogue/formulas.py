"""Slopes and updates without a name: a formula, and unusual ways to add a share."""

from __future__ import annotations

from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception, dials, each_operand
from worker.grading.diagnosis.rules import PLUS, SHARES
from worker.suites.rules import CHAIN, REUSE

FORMULA = Misconception(
    key="formula",
    number=None,
    title="Another formula is used for {form}",
    explanation=(
        "Your numbers follow another formula: {yours}. The code may be written differently, but it "
        "gives the same numbers."
    ),
    hint="What does the derivative of this operation look like on paper?",
    rule=OPERATION,
    cost=0.06,
)
ODD = (
    Misconception(
        key="odd-upstream",
        number=None,
        title="The gradient from above is changed in {form}",
        explanation=(
            "In {form}, the slope should be multiplied by the gradient of the result. Yours uses "
            "something else in its place, which agrees only for some numbers."
        ),
        hint="If the gradient of the result is -2, what should this operation hand on?",
        rule=CHAIN,
        in_form=each_operand(
            "odd-upstream", "upstream", "out", "square", "abs", "mask", "positive", PLUS
        ),
        everywhere=dials("odd-upstream", "accumulation", *SHARES),
        cost=0.04,
    ),
    Misconception(
        key="odd-update",
        number=None,
        title="A share isn't simply added in {form}",
        explanation=(
            "In {form}, the share is right, but it isn't simply added to the gradient of the "
            "operand. For example, it is subtracted, added twice, or dropped for another one."
        ),
        hint="If x already has the gradient 5 and a share of 2 arrives, what should x have?",
        rule=REUSE,
        in_form=each_operand(
            "odd-update", "update", "subtract", "multiply", "twice", "first", "largest",
            "whole share", "turned",
        ),
        cost=0.04,
    ),
)  # fmt: skip
