"""Mistakes about which nodes are the same node."""

from __future__ import annotations

from worker.grading.diagnosis.catalogue.entries import Misconception, dials
from worker.grading.diagnosis.changes import Change
from worker.suites.rules import EQUAL, GRAPHS, REUSE

IDENTITY = (
    Misconception(
        key="equal-numbers",
        number=39,
        title="Two nodes with the same number count as one",
        explanation=(
            "Two different nodes that have the same number are taken for one node. One of them "
            "gets the gradient of the other, or none."
        ),
        hint="If a and b are both 2, are they the same node?",
        rule=EQUAL,
        everywhere=(
            *dials("equal-numbers", "identity", "value", "value sets", "value list"),
            *dials("equal-numbers", "identity", "value list, last", "interned"),
            *dials("equal-numbers", "identity", "gradients by value"),
            *(
                Change(mistake="equal-numbers", dials=(("identity", choice), ("order", "right")))
                for choice in ("value", "value list")
            ),
        ),
    ),
    Misconception(
        key="equal-operands",
        number=40,
        title="Of two equal operands a node keeps only one",
        explanation=(
            "A result keeps its operands in a list, and leaves out an operand that compares equal "
            "to one already there. Two nodes with the same number compare equal in your class."
        ),
        hint="What does == compare in your class when it looks into the list?",
        rule=EQUAL,
        everywhere=dials("equal-operands", "identity", "equal children"),
    ),
    Misconception(
        key="keyed",
        number=41,
        title="An operand that is used on both sides is kept once",
        explanation=(
            "The slopes of an operation are kept in a dictionary by operand. In x - x or x * x "
            "both operands are the same node, so the second slope replaces the first."
        ),
        hint="How many entries does the dictionary have for x * x?",
        rule=REUSE,
        everywhere=dials("keyed", "identity", "keyed"),
    ),
    Misconception(
        key="results-remembered",
        number=51,
        title="A result is remembered and used again",
        explanation=(
            "The same operation on the same number returns a node that was made before. That node "
            "belongs to another operand, which gets the gradient."
        ),
        hint="If a and b are both 0.5, should tanh(a) and tanh(b) be one node?",
        rule=EQUAL,
        everywhere=dials("results-remembered", "identity", "remembered"),
    ),
)
STATE = Misconception(
    key="state-kept",
    number=51,
    title="The answer depends on what ran before",
    explanation=(
        "The same small graph gave other numbers when it was built a second time in the same "
        "program. Something is kept from one graph to the next."
    ),
    hint="Which variables of your engine outlive one graph?",
    rule=GRAPHS,
)
