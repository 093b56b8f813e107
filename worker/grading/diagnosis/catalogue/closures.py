"""Mistakes in what one operation hands on to its operands, whatever its slope is."""

from __future__ import annotations

from worker.grading.diagnosis.catalogue.entries import (
    SMALL_GROUPS,
    Misconception,
    branches,
    dials,
    each_of_two,
    each_operand,
    either,
    recipe,
    rule,
)
from worker.grading.diagnosis.forms import IN_PLACE
from worker.suites.rules import CHAIN, REUSE, SHARED

CLOSURES = (
    Misconception(
        key="assigns",
        number=1,
        title="A second share replaces the first",
        explanation=(
            "When a value is used twice, its gradient is the sum of the shares of both uses. In "
            "your engine the second share replaces the first."
        ),
        hint="What happens to the first share when the second one arrives?",
        rule=REUSE,
        everywhere=dials("assigns", "accumulation", "assign"),
    ),
    Misconception(
        key="assigns-in-one",
        number=2,
        title="In {form}, a share replaces the gradient of the operand",
        explanation=(
            "In {form}, the gradient of the operand is set, where a share should be added. If the "
            "operand is used elsewhere too, the other share is lost."
        ),
        hint="If x already has a share from another use, what does this operation leave of it?",
        rule=REUSE,
        in_form=each_operand("assigns-in-one", "update", "assign"),
        groups=SMALL_GROUPS,
    ),
    Misconception(
        key="no-backward",
        number=17,
        title="Nothing flows back through {form}",
        explanation=(
            "The value is right, but the operand gets no gradient from {form}. The result doesn't "
            "know its operand, or its step is never connected."
        ),
        hint="What does the new node know about where it came from?",
        rule=CHAIN,
        in_form=either(
            rule("no-backward", "result", "leaf", "number"),
            each_operand("no-backward", "update", "none"),
        ),
        groups=SMALL_GROUPS,
    ),
    Misconception(
        key="returns-operand",
        number=None,
        title="No new node is made in {form}",
        explanation=(
            "In {form}, you get the operand back. There should be a new node with the result, "
            "which remembers where it came from."
        ),
        hint="Which node should hold the result of this operation?",
        rule=CHAIN,
        in_form=rule("returns-operand", "result", "operand", "other operand"),
    ),
    Misconception(
        key="no-operands",
        number=56,
        title="Results of {form} don't remember their operands",
        explanation=(
            "In {form}, the operand gets its gradient, but backward() stops there. It doesn't find "
            "the operand among the nodes to visit, so nothing below it gets a gradient."
        ),
        hint="How does backward() find the nodes that a result was made from?",
        rule=CHAIN,
        in_form=each_operand("no-operands", "kept", "no"),
        groups=SMALL_GROUPS,
    ),
    Misconception(
        key="no-upstream",
        number=23,
        title="The gradient from above is left out in {form}",
        explanation=(
            "In {form}, the slope alone is passed on. That is right only where the result is the "
            "output. Elsewhere the chain rule also needs the gradient of the result."
        ),
        hint="If the result of this operation is multiplied by 10, what changes for its operand?",
        rule=CHAIN,
        in_form=each_operand("no-upstream", "upstream", "1"),
        groups=(*SMALL_GROUPS, "operators", "everything"),
    ),
    Misconception(
        key="other-gradient",
        number=57,
        title="The gradient of the wrong node is used in {form}",
        explanation=(
            "In {form}, the share is computed from the gradient of an operand. It should come from "
            "the gradient of the result."
        ),
        hint="Whose gradient is known when the step of this operation runs?",
        rule=CHAIN,
        in_form=each_operand("other-gradient", "upstream", "sibling", "own"),
    ),
    Misconception(
        key="given-elsewhere",
        number=None,
        title="The share of {form} goes to the wrong node",
        explanation=(
            "In {form}, the share belongs to the gradient of the operand. Yours is added somewhere "
            "else, such as the result, the other operand, or the number of the operand."
        ),
        hint="Which node's gradient should grow when this step runs, and which of yours does?",
        rule=CHAIN,
        in_form=either(
            each_operand("given-elsewhere", "to", "out", "data"),
            each_of_two("given-elsewhere", "to", "1", "0"),
            each_of_two("given-elsewhere", "after", "sibling zeroed", "sibling zeroed"),
        ),
        cost=0.02,
    ),
    Misconception(
        key="some-numbers",
        number=None,
        title="For some numbers, the gradient is lost in {form}",
        explanation=(
            "{When}, another branch of {form} runs. The operand doesn't get the slope times the "
            "gradient of the result there."
        ),
        hint="For which numbers does your code do something special here, and does it need to?",
        rule=CHAIN,
        in_branches=branches("some-numbers", "nothing", "slope"),
        cost=0.03,
    ),
    Misconception(
        key="on-the-operand",
        number=14,
        title="The backward step is kept on the operand",
        explanation=(
            "An operation stores its step on its operand, not on its result. The next operation on "
            "the same operand overwrites it, and the result itself has no step."
        ),
        hint="Which node's gradient does this step pass on, and where should the step be kept?",
        rule=CHAIN,
        everywhere=dials("on-the-operand", "traversal", "on the operand", "on the other operand"),
        in_form=rule("on-the-operand", "step", "operand", "other operand", "operation"),
    ),
    Misconception(
        key="late-bound",
        number=22,
        title="A step sees variables that changed after it was made",
        explanation=(
            "Steps share a variable, or a default argument, that changes later. When backward() "
            "runs them, they all see its last contents."
        ),
        hint="What does the variable hold when the step runs, and what did it hold before?",
        rule=CHAIN,
        everywhere=dials("late-bound", "accumulation", "late", "shared"),
        in_form=rule("late-bound", "effect", "latest slope"),
    ),
    Misconception(
        key="aliased",
        number=42,
        title="Two nodes share one gradient buffer",
        explanation=(
            "A node takes over the gradient object of another one. When a share is added later, "
            "both of them change."
        ),
        hint="After x took over this gradient, who else can still change it?",
        rule=SHARED,
        everywhere=dials("aliased", "accumulation", "aliased"),
    ),
    Misconception(
        key="whole-numbers",
        number=43,
        title="Gradients lose their fractions",
        explanation=(
            "A gradient is turned into a whole number when a share is added. It is right only "
            "where every share is whole."
        ),
        hint="What type has a gradient when the value is a whole number, such as 3?",
        rule=REUSE,
        everywhere=dials(
            "whole-numbers", "accumulation", "whole for whole", "whole", "whole share"
        ),
    ),
    Misconception(
        key="in-place",
        number=44,
        title="The old node is changed by {form}",
        explanation=(
            "In {form}, a node changes its number after other results were made from it. A new "
            "node should be made, so that the old one keeps its number and its step."
        ),
        hint="What do results that were made from the old number see afterwards?",
        rule=CHAIN,
        in_form=either(
            recipe("in-place", ("+=VV", "+=VN"), "mutate", "mutate-graph"),
            recipe("in-place", IN_PLACE, "mutate"),
        ),
    ),
    Misconception(
        key="data-changed",
        number=45,
        title="A value changes before backward() has used it",
        explanation=(
            "The number of a node is changed between the forward pass and the end of backward(). "
            "Slopes that are computed after that use the new number."
        ),
        hint="Which number should a slope be computed from, and when does yours change?",
        rule=CHAIN,
        everywhere=dials("data-changed", "traversal", "step inside"),
        in_form=rule("data-changed", "effect", "changes operand", forms=("relu", "abs")),
    ),
    Misconception(
        key="optimizer-inside",
        number=46,
        title="Gradients are clipped or smoothed as they are added",
        explanation=(
            "backward() does more than add shares: it also limits or averages the gradient. That "
            "belongs to the training step, which comes later."
        ),
        hint="Should x + x have a gradient above 1 in your engine?",
        rule=REUSE,
        everywhere=dials("optimizer-inside", "accumulation", "clip", "momentum"),
    ),
    Misconception(
        key="else-zeroes",
        number=54,
        title="For some numbers, a gradient is overwritten in {form}",
        explanation=(
            "{When}, the operation sets or masks the whole gradient of its operand. Shares from "
            "other uses of the operand are lost there."
        ),
        hint="If x already has a share from another use, for which numbers is it kept here?",
        rule=REUSE,
        in_form=rule("else-zeroes", "effect", "zeroes", "masks", "sets negative", "sets nonzero"),
        in_branches=branches("else-zeroes", "set", "zero"),
    ),
)
